import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle } from "./bundle.ts";
import { layOut, placesOf, writePolicy, writeWhole } from "./places.ts";
import type { Ask, Call, Faults, PolicyFiles, Stream, WorldOptions } from "./terms.ts";

/** A few qubes, their dom0 and the person before it, as a test sees them. */
export interface World {
  /** Where all of it lies: a folder of its own. */
  readonly folder: string;
  /**
   * The absolute path of a qube's `qrexec-client-vm`. Who calls is fixed by it: it knows the agent of
   * its own qube, which nothing in its arguments or environment can rename.
   */
  clientPath(qube: string): string;
  /** The folder with only that program in it, to be put first on a PATH. */
  binFolder(qube: string): string;
  /** Where the qube's services are put, unless it has `rpcDirs`: executables, sockets, symlinks. */
  rpcFolder(qube: string): string;
  /** Where the qube's rpc-config files are put. */
  rpcConfigFolder(qube: string): string;
  /** Every call so far, in order; it is complete as soon as the client has ended. */
  calls(): readonly Call[];
  /** From now on; a running stream goes on. */
  setPolicy(policy: PolicyFiles): void;
  setAsk(ask: Ask): void;
  setFaults(faults: Faults): void;
  setStream(stream: Stream): void;
  /** Ends a qube and all its calls: the other ends see a vchan that closed early. */
  kill(qube: string): Promise<void>;
  /** Ends a qube's agent and starts it again; its running calls go on. */
  restartAgent(qube: string): Promise<void>;
  /** Ends everything and removes the folder. */
  stop(): Promise<void>;
}

/** Starts a world in a folder with a short path: a socket's path has 108 bytes. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), "qx-"));
  const places = placesOf(folder);
  const programs = bundle();
  layOut(folder, options.qubes, programs.client);
  writePolicy(places.policy, options.policy);
  let settings = { ask: options.ask, faults: options.faults, stream: options.stream };
  const change = (part: Partial<typeof settings>) => {
    settings = { ...settings, ...part };
    writeWhole(places.settings, JSON.stringify(settings));
  };
  change({});
  const agent = fork(programs.agent, [folder], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  await answerOf(agent);
  let told = Promise.resolve();
  const tell = (order: Order) => {
    told = told.then(() => {
      agent.send(order);
      return answerOf(agent);
    });
    return told;
  };
  return {
    folder,
    clientPath: (qube) => `${places.qube(qube).bin}/qrexec-client-vm`,
    binFolder: (qube) => places.qube(qube).bin,
    rpcFolder: (qube) => places.qube(qube).rpc,
    rpcConfigFolder: (qube) => places.qube(qube).rpcConfig,
    calls: () => readCalls(places.calls),
    setPolicy: (policy) => writePolicy(places.policy, policy),
    setAsk: (ask) => change({ ask }),
    setFaults: (faults) => change({ faults }),
    setStream: (stream) => change({ stream }),
    kill: (qube) => tell({ kill: qube }),
    restartAgent: (qube) => tell({ restart: qube }),
    async stop() {
      await stop(agent);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What a test can tell the agents while they run. */
export type Order = { readonly kill: string } | { readonly restart: string };

async function answerOf(agent: ChildProcess): Promise<void> {
  const waiting = new AbortController();
  const { signal } = waiting;
  const ended = once(agent, "exit", { signal }).then(() => true);
  const hasEnded = await Promise.race([
    once(agent, "message", { signal }).then(() => false),
    ended,
  ]);
  ended.catch(() => undefined);
  waiting.abort();
  if (hasEnded) throw new Error("the agents ended");
}

async function stop(agent: ChildProcess): Promise<void> {
  if (agent.exitCode !== null || agent.signalCode !== null) return;
  const ended = once(agent, "exit");
  agent.disconnect();
  await ended;
}

/** A call has a line when it is decided and another one when it ends. */
function readCalls(path: string): readonly Call[] {
  const calls = new Map<number, Call>();
  for (const line of readFileSync(path, "utf8").split("\n").slice(0, -1)) {
    const part: Call = JSON.parse(line);
    calls.set(part.id, { ...calls.get(part.id), ...part });
  }
  return [...calls.values()];
}
