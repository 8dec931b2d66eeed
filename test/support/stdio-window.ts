import type { Readable, Writable } from "node:stream";

/** A message of the signer's, as it stood on the line. Its answers have no method. */
export interface WindowMessage {
  readonly line: string;
  readonly id?: number;
  readonly method?: string;
  readonly params: readonly [Record<string, unknown>];
}

/** Answers one request; undefined leaves it open. */
export type Answerer = (message: WindowMessage) => unknown;

/**
 * A window program for tests and the demo: the other end of `cleft --stdio-ui`. It keeps all that
 * it was told and answers by a function that can be changed at any time.
 */
export class StdioWindow {
  readonly messages: WindowMessage[] = [];
  answerer: Answerer;
  private readonly output: Writable;
  private readonly waiting: { method: string; resolve: (message: WindowMessage) => void }[] = [];

  constructor(streams: { input: Readable; output: Writable }, answerer: Answerer) {
    this.output = streams.output;
    this.answerer = answerer;
    let rest = "";
    streams.input.setEncoding("utf8").on("data", (chunk: string) => {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.take(line);
    });
    streams.output.on("error", () => undefined);
  }

  /** The next message of a method that comes after this call. */
  next(method: string): Promise<WindowMessage> {
    return new Promise((resolve) => this.waiting.push({ method, resolve }));
  }

  answer(id: number | undefined, result: unknown): void {
    this.say(JSON.stringify({ jsonrpc: "2.0", id, result }));
  }

  /** Writes a line as it is. */
  say(line: string): void {
    this.output.write(`${line}\n`);
  }

  private take(line: string): void {
    const message = { line, ...JSON.parse(line) } as WindowMessage;
    this.messages.push(message);
    const at = this.waiting.findIndex(({ method }) => method === message.method);
    if (at >= 0) this.waiting.splice(at, 1)[0]?.resolve(message);
    if (message.id === undefined || message.method === undefined) return;
    const result = this.answerer(message);
    if (result !== undefined) this.answer(message.id, result);
  }
}

/** Says yes to everything, with one password. */
export function approveAll(password: string): Answerer {
  return ({ method, params: [asked] }) => {
    switch (method) {
      case "ui_approveTx":
        return { transaction: asked["transaction"], approved: true };
      case "ui_approveSignData":
      case "ui_approveNewAccount":
        return { approved: true };
      case "ui_approveListing":
        return { accounts: asked["accounts"] };
      case "ui_onInputRequired":
        return { text: password };
      default:
        return undefined;
    }
  };
}
