import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemCode } from "../../packages/signer/src/domain/failure.ts";
import { startCommand } from "../support/command.ts";
import type { Dispatcher } from "../support/dispatcher.ts";
import { waitFor } from "../support/qrexec/calling.ts";
import type { Qubes } from "../support/qubes.ts";
import { request, rpcClient } from "../support/rpc.ts";
import { payment, samplePassword } from "../support/signer.ts";
import { type Answerer, approveAll, type StdioWindow } from "../support/stdio-window.ts";
import { start } from "./running.ts";

export type Victim = "dispatcher" | "wrapper" | "signer";
export type Record = { readonly [field: string]: unknown };

/** Says yes to everything. */
export const yes = approveAll(samplePassword);

/** Says yes to everything but leaves one message open. */
export const yesBut =
  (method: string): Answerer =>
  (message) =>
    message.method === method ? undefined : yes(message);

/**
 * The whole way of a dapp's payment: dispatcher, qrexec, the installed service and a signer. Each
 * request claims to be another dapp, so that its question can be told from any other one's; and the
 * dispatcher gives each a frame id of its own.
 */
export class Way {
  readonly qubes: Qubes;
  private dispatcher: Dispatcher;
  private sent = 0;
  /** What each signer's window was told; the last one is open. */
  private readonly windows: StdioWindow[];

  private constructor(qubes: Qubes, dispatcher: Dispatcher) {
    this.qubes = qubes;
    this.dispatcher = dispatcher;
    this.windows = [qubes.signer.window];
  }

  /** Its service waits for a signer, but the test starts it: `true` opens the signer's window. */
  static async open(): Promise<Way> {
    // Some payments carry data that is no call: only its length matters.
    const qubes = await start({ signer: { args: ["--advanced"] } });
    const wrapper = qubes.wrapper();
    const text = readFileSync(wrapper, "utf8");
    writeFileSync(wrapper, text.replace("/usr/local/bin/cleft-vault-start", "/bin/true"));
    const service = join(qubes.world.rpcFolder("vault"), "qubes.Clefsign");
    rmSync(service);
    symlinkSync(wrapper, service);
    return new Way(qubes, await qubes.dispatcher("work"));
  }

  private get socket(): string {
    return join(this.qubes.home.configDir, "qrexec.sock");
  }

  get window(): StdioWindow {
    return this.qubes.signer.window;
  }

  /** Which dapps a window was asked about, once for each question. */
  questions(): readonly unknown[] {
    const messages = this.windows.flatMap((window) => window.messages);
    const asked = messages.filter(({ method }) => method === "ui_approveTx");
    return asked.map(({ params: [{ meta }] }) => (isRecord(meta) ? meta["User-Agent"] : meta));
  }

  /** Sends a payment, and returns what its dapp sees. */
  pay(data = "0x"): Promise<string> {
    return this.ask("account_signTransaction", [payment({ data, gas: "0x1312d00" })]);
  }

  async ask(method: string, params: readonly unknown[]): Promise<string> {
    this.sent++;
    const client = rpcClient(this.dispatcher.url, { "user-agent": `dapp/${this.sent}` });
    try {
      const { status, text } = await client.post(request(method, params, this.sent));
      return `${status} ${JSON.parse(text).error?.message ?? "done"}`;
    } catch {
      return "cut off";
    }
  }

  /** The service's processes: one a call. */
  wrappers(): readonly number[] {
    return readdirSync("/proc").flatMap((name) => {
      const [, program = "", path] = wordsOf(name);
      return program.endsWith("qrexec-service.mjs") && path === this.socket ? [Number(name)] : [];
    });
  }

  /** How many bytes the service of the call has written, above all to its signer. */
  written(): number {
    return this.wrappers().reduce((sum, pid) => sum + writtenBy(pid), 0);
  }

  /** Waits until it has written so much. */
  async carried(bytes: number): Promise<void> {
    await waitFor(
      () => this.written() >= bytes,
      () => `a service that carried ${bytes} bytes`,
    );
  }

  signal(name: NodeJS.Signals, victim: "wrapper" | "signer"): void {
    if (victim === "signer") this.qubes.signer.child.kill(name);
    else for (const pid of this.wrappers()) process.kill(pid, name);
  }

  /** Lets go of whoever was stopped. A wrapper whose signer was killed may end in this very moment. */
  release(): void {
    this.signal("SIGCONT", "signer");
    for (const pid of this.wrappers()) {
      try {
        process.kill(pid, "SIGCONT");
      } catch (error) {
        if (systemCode(error) !== "ESRCH") throw error;
      }
    }
  }

  async kill(victim: Victim): Promise<void> {
    if (victim === "dispatcher") await this.dispatcher.stop("SIGKILL");
    else if (victim === "signer") await this.qubes.signer.stop("SIGKILL");
    else this.signal("SIGKILL", victim);
  }

  /** As systemd or the next call does it. */
  async restart(victim: Victim): Promise<void> {
    if (victim === "dispatcher") this.dispatcher = await this.qubes.dispatcher("work");
    if (victim === "signer") this.windows.push((await this.qubes.restart("SIGKILL")).window);
  }

  /** The connections that the signer has at its socket. */
  streams(): number {
    const lines = readFileSync("/proc/net/unix", "utf8").split("\n");
    const connected = lines.map((line) => line.split(/ +/)).filter((words) => words[5] === "03");
    // It was bound under another name, beside the one that it has now.
    const { configDir } = this.qubes.home;
    return connected.filter((words) => words.at(-1)?.startsWith(configDir)).length;
  }

  records(type: string): readonly Record[] {
    const path = join(this.qubes.home.configDir, "ledger.jsonl");
    if (!existsSync(path)) return [];
    const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
    return lines.map((line) => JSON.parse(line)).filter((record) => record.type === type);
  }

  async recorded(type: string): Promise<void> {
    await waitFor(
      () => this.records(type).length > 0,
      () => `${type} in the ledger`,
    );
  }

  /** Runs a command beside the signer, while its window goes on answering. */
  cleft(...words: readonly string[]) {
    return startCommand([...words, "--configdir", this.qubes.home.configDir], []);
  }
}

function isRecord(value: unknown): value is Record {
  return typeof value === "object" && value !== null;
}

/** A process's command line; nothing of one that has gone. */
function wordsOf(pid: string): readonly string[] {
  try {
    return /^\d+$/.test(pid) ? readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0") : [];
  } catch {
    return [];
  }
}

/** How many bytes a process has written to whatever it writes to. */
function writtenBy(pid: number): number {
  const [, bytes] = /^wchar: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, "utf8")) ?? [];
  return Number(bytes);
}
