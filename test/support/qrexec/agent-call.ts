import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Connections } from "./connections.ts";
import type { Allowed, Dom0, Settings } from "./dom0.ts";
import type { Launcher } from "./exec-service.ts";
import { type Asked, Channel } from "./frames.ts";
import type { placesOf } from "./places.ts";
import type { Listener, Running } from "./running.ts";
import { findService, readConfig } from "./service.ts";
import { joinSocket } from "./socket-service.ts";

/** What a call needs of the world. */
export interface Power {
  readonly dom0: Dom0;
  readonly places: ReturnType<typeof placesOf>;
  readonly launcher: Launcher;
  readonly held: Connections;
}

/** How many calls two qubes can hold between them. */
const heldMax = 128;
const setupFailed = "Data vchan connection failed";

/** One call, from a qube's client to a service and back. */
export class AgentCall {
  private readonly channel: Channel;
  private readonly source: string;
  private readonly power: Power;
  private readonly whenGone: () => void;
  private running: Running | undefined;
  private allowed: Allowed | undefined;

  constructor(socket: Socket, source: string, power: Power, whenGone: () => void) {
    this.source = source;
    this.power = power;
    this.whenGone = whenGone;
    this.channel = new Channel(socket, (kind, bytes) => {
      if (kind === "call") this.begin(JSON.parse(bytes.toString()));
      if (kind === "input") this.running?.input(bytes);
      if (kind === "credit") this.running?.credit(bytes.readUInt32BE());
    });
    // A client never closes its half alone.
    socket.once("end", () => socket.end());
    socket.once("close", () => {
      this.running?.hangUp();
      whenGone();
    });
  }

  touches(qube: string): boolean {
    return this.source === qube || this.allowed?.qube.name === qube;
  }

  /** The other end sees a vchan that closed early. */
  kill(): void {
    this.running?.kill();
    this.channel.socket.destroySoon();
    this.whenGone();
  }

  private async begin(asked: Asked): Promise<void> {
    const { dom0, held } = this.power;
    const allowed = await dom0.decide(this.source, asked);
    if (allowed === undefined || this.channel.socket.destroyed) return this.refuse();
    const { faults = {}, ...settings } = dom0.settings();
    const pair = `${this.source} ${allowed.qube.name}`;
    const release = held.take(pair, faults.heldMax ?? heldMax);
    if (release === undefined) {
      dom0.note(allowed.id, { decision: "refused", reason: "too many calls are held" });
      return this.refuse();
    }
    this.channel.socket.once("close", release);
    this.allowed = allowed;
    if (await this.failsToSetUp(faults)) return;
    if (this.channel.socket.destroyed) return;
    this.channel.send("accepted");
    this.running = this.join(allowed, { faults, ...settings });
  }

  private refuse(): void {
    this.channel.socket.end();
  }

  /** What a set-up can meet: a vault that hangs, or more of them at a time than Xen bears. */
  private async failsToSetUp({ vchanTimeoutMs, setups }: NonNullable<Settings["faults"]>) {
    if (vchanTimeoutMs !== undefined) {
      await sleep(vchanTimeoutMs);
      this.leave(1, ["vchan connection timeout", setupFailed]);
      return true;
    }
    if (setups === undefined) return false;
    const release = this.power.held.take(`set-ups of ${this.source}`, setups.max);
    if (release === undefined) this.leave(1, [setupFailed]);
    else await sleep(setups.ms).then(release);
    return release === undefined;
  }

  private join({ qube, name }: Allowed, settings: Settings): Running | undefined {
    const place = this.power.places.qube(qube.name);
    const config = readConfig(place.rpcConfig, name);
    const service = findService(qube.rpcDirs ?? [place.rpc], name);
    if (service.is === "missing") return void this.leave(127);
    if (service.is === "unusable" || config === undefined) return void this.leave(125);
    const { stream = {}, faults = {} } = settings;
    const { home } = place;
    const listener = this.listenerWith(faults);
    for (const line of faults.noise ?? []) this.channel.sendText("log", line);
    const start = { service, name, source: this.source, qube, home, config, stream, listener };
    return service.is === "socket" ? joinSocket(start) : this.power.launcher.start(start);
  }

  private listenerWith({ dieAfterBytes, spuriousSendError }: NonNullable<Settings["faults"]>) {
    const { channel } = this;
    let left = dieAfterBytes ?? Number.POSITIVE_INFINITY;
    const listener: Listener = {
      output: (chunk) => {
        channel.send("output", chunk.subarray(0, left));
        left -= chunk.length;
        if (left <= 0) this.kill();
      },
      error: (chunk) => channel.send("error", chunk),
      credit: (bytes) => channel.sendNumber("credit", bytes),
      exit: (code) => this.leave(code, spuriousSendError ? [falseError] : []),
    };
    return listener;
  }

  /** The last that a client hears. */
  private leave(exit: number, lines: readonly string[] = []): void {
    const { channel, allowed } = this;
    if (channel.socket.destroyed || channel.socket.writableEnded) return;
    for (const line of lines) channel.sendText("log", line);
    if (allowed !== undefined) this.power.dom0.note(allowed.id, { exit });
    channel.sendNumber("exit", exit);
    channel.socket.end();
  }
}

const falseError = "Error while vchan send (handle_input stdout), reading remaining data";
