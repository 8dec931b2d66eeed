import { PassThrough } from "node:stream";
import { encodeSignerFrame } from "@cleft/protocol/clefq/encode.ts";
import type { ClientFrame, SignerFrame } from "@cleft/protocol/clefq/frames.ts";
import { parseClientFrame, parseFrameBytes } from "@cleft/protocol/clefq/parse.ts";
import { type JsonValue, parseJson } from "@cleft/protocol/json.ts";
import { FakeClock } from "../../domain/fakes.ts";
import { limits } from "../../domain/limits.ts";
import type { Channel, Ending, OpenChannel } from "./channel.ts";
import { Qrexec } from "./qrexec.ts";

/** What is called, and what its caller claims. */
export const claims = { origin: "", host: "localhost", userAgent: "test", remote: "" };
export const rpc: JsonValue = parseJson('{"jsonrpc":"2.0","id":1,"method":"x"}', limits.json);

/** The signer's side of one stream, in this process. */
export class FakeSigner implements Channel {
  readonly input = new PassThrough();
  readonly output = new PassThrough();
  readonly ended: Promise<Ending>;
  /** What came, hello first. */
  readonly frames: ClientFrame[] = [];
  isKilled = false;
  private finish: (ending: Ending) => void = () => {};
  private beforeFrame: (frame: ClientFrame) => void = () => {};
  private onFrame: (frame: ClientFrame) => void = () => {};

  constructor() {
    this.ended = new Promise((resolve) => {
      this.finish = resolve;
    });
    let text = "";
    this.input.on("data", (chunk: Buffer) => {
      text += chunk.toString("utf8");
      for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n")) {
        const frame = parseClientFrame(parseFrameBytes(Buffer.from(text.slice(0, end))));
        text = text.slice(end + 1);
        this.frames.push(frame);
        this.beforeFrame(frame);
        this.onFrame(frame);
      }
    });
  }

  /** Calls back for each frame that comes from now on. */
  on(callback: (frame: ClientFrame) => void): void {
    this.onFrame = callback;
  }

  /** The same, but before the signer does anything about the frame. */
  before(callback: (frame: ClientFrame) => void): void {
    this.beforeFrame = callback;
  }

  say(frame: SignerFrame): void {
    this.output.write(encodeSignerFrame(frame));
  }

  greet({ inflight = 16, max = 5_242_880 } = {}): void {
    this.say({ type: "hello", version: 1, qube: "work", profile: "", max, inflight });
  }

  /** Ids of the requests that came, in their order. */
  get ids(): readonly string[] {
    return this.frames.flatMap((frame) => (frame.type === "req" ? [frame.id] : []));
  }

  end(ending: Ending): void {
    this.finish(ending);
  }

  exit(code: number, stderr = ""): void {
    this.end({ kind: "exit", code, stderr });
  }

  kill(): void {
    this.isKilled = true;
  }
}

/** A signer that acknowledges and answers everything at once. */
export function answering(signer: FakeSigner, reply = '{"jsonrpc":"2.0","id":1,"result":1}'): void {
  signer.on((frame) => {
    if (frame.type !== "req") return;
    signer.say({ type: "ack", id: frame.id });
    signer.say({ type: "res", id: frame.id, rpc: reply });
  });
}

/** Streams to be opened one after another; `act` decides what happens on each. */
export function opening(act: (signer: FakeSigner, number: number) => void): {
  readonly open: OpenChannel;
  readonly signers: readonly FakeSigner[];
} {
  const signers: FakeSigner[] = [];
  const open = () => {
    const signer = new FakeSigner();
    signers.push(signer);
    act(signer, signers.length);
    return signer;
  };
  return { open, signers };
}

/** Lets everything that waits for no time happen. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** The way through qrexec to signers that `act` decides about, on a clock that stands still. */
export function world(
  act: (signer: FakeSigner, number: number) => void,
  { drawn = 0.5 }: { readonly drawn?: number } = {},
) {
  const clock = new FakeClock();
  const { open, signers } = opening(act);
  let ids = 0;
  const qrexec = new Qrexec({
    ...{ name: "qrexec test", client: "test/1", open, clock, random: () => drawn },
    newId: () => idOf(++ids),
    opened: () => undefined,
  });
  const call = (signal = new AbortController().signal) =>
    qrexec.call({ rpc, claims }, signal).catch((error: unknown) => error);
  return { qrexec, clock, signers, call };
}

/** The id of the call number `number`. */
export const idOf = (number: number) => String(number).padStart(32, "0");

/** A pause before a retry, with the middle number drawn. */
export const pauseMs = (limits.retryMs.min + limits.retryMs.max) / 2;
