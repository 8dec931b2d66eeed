import { connect, type Socket } from "node:net";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { startCall, waitFor } from "./qrexec/calling.ts";
import type { Qubes } from "./qubes.ts";

/** The frame by which a dispatcher begins. */
export const hello = '{"clefq":1,"client":"cleft-dispatcher/1.0"}\n';

export const noClaims = { origin: "", host: "", userAgent: "", remote: "" };

/** An id as a dispatcher draws it, but one that a test knows. */
export function idOf(number: number): string {
  return number.toString(16).padStart(32, "0");
}

/** A request's frame; `more` are fields that nobody asked for, or others than these. */
export function req(number: number, rpc: unknown, more: Record<string, unknown> = {}): string {
  return `${JSON.stringify({ type: "req", id: idOf(number), rpc, claims: noClaims, ...more })}\n`;
}

/** A call of JSON-RPC. */
export function rpcOf(method: string, params: readonly unknown[] = []) {
  return { jsonrpc: "2.0", id: 1, method, params };
}

/** A frame of the signer's, as far as a test looks into it. */
export interface Said {
  readonly type?: string;
  readonly id?: string;
  readonly clefq?: number;
  readonly qube?: string;
  readonly rpc?: { readonly result?: unknown; readonly error?: { readonly message: string } };
  readonly err?: { readonly code: string };
}

/** Somebody who writes what they like on a call, and keeps what comes back. */
export class RawCall {
  private text = "";
  private hasEnded = false;
  private readonly input: Writable;

  constructor(input: Writable, output: Readable) {
    this.input = input;
    input.on("error", () => undefined);
    output.on("error", () => undefined);
    output.setEncoding("utf8").on("data", (text: string) => {
      this.text += text;
    });
    for (const event of ["end", "close"]) {
      output.once(event, () => {
        this.hasEnded = true;
      });
    }
  }

  say(text: string | Uint8Array): this {
    this.input.write(text);
    return this;
  }

  end(text = ""): this {
    this.input.end(text);
    return this;
  }

  get out(): string {
    return this.text;
  }

  get ended(): boolean {
    return this.hasEnded;
  }

  /** The whole lines so far. */
  get said(): readonly Said[] {
    return this.text
      .split("\n")
      .slice(0, -1)
      .map((line): Said => JSON.parse(line));
  }

  /** What a request was answered, once it was. */
  async answer(number: number): Promise<Said> {
    const find = () => this.said.find(({ type, id }) => type === "res" && id === idOf(number));
    await waitFor(
      () => find() !== undefined,
      () => `an answer to ${number} in ${this.text.slice(-1000)}`,
    );
    return find() ?? {};
  }

  async untilEnd(): Promise<void> {
    await waitFor(
      () => this.hasEnded,
      () => `the end of the call after ${this.text.slice(-1000)}`,
    );
  }
}

/** A call of a qube's through its own qrexec; `args` are what its program chose to say. */
export function rawCall(
  { world }: Pick<Qubes, "world">,
  qube: string,
  args: readonly string[] = ["@default", "qubes.Clefsign"],
): RawCall {
  const { child } = startCall(world, qube, args);
  return new RawCall(child.stdin, child.stdout);
}

/**
 * A call as it comes out of qrexec in the vault, without the three programs before: of those a test
 * can have hundreds. `before` is what dom0 says, followed by what the caller does.
 */
export function callAtVault(
  { home }: Pick<Qubes, "home">,
  before: string,
): RawCall & { readonly socket: Socket } {
  const path = join(home.configDir, "qrexec.sock");
  const socket = connect({ path, allowHalfOpen: true });
  socket.write(before);
  return Object.assign(new RawCall(socket, socket), { socket });
}

/** What dom0 says of a call of the qube `work`. */
export const byWork = "qubes.Clefsign+ work\0";
