import {
  encodeJson,
  encodeJsonValue,
  isArray,
  isObject,
  JsonError,
  JsonNumber,
  type JsonObject,
  type JsonValue,
  parseJsonBytes,
} from "@cleft/protocol/json.ts";
import { JsonSplitter } from "@cleft/protocol/json-stream.ts";
import { type RpcError, rpcCode } from "@cleft/protocol/rpc.ts";
import {
  type WindowNotifications,
  type WindowRequests,
  windowToSignerMethods,
} from "@cleft/protocol/window.ts";
import { Failure, messageOf } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import type { Log } from "../domain/log.ts";

/** Ambient power of the channel. */
export interface ChannelPowers {
  /** The window's words. */
  readonly input: AsyncIterable<Uint8Array>;
  /** Writes one line to the window. */
  readonly write: (line: string) => void;
  readonly log: Log;
  /** The window is gone. */
  readonly onLost: () => void;
}

interface Pending {
  readonly resolve: (result: JsonValue) => void;
  readonly reject: (failure: Failure) => void;
}

/**
 * JSON-RPC with a program behind a pair of pipes, both directions at once, as Clef speaks it. One
 * counter numbers requests and notifications, although only requests carry their number.
 */
export class Channel {
  private readonly powers: ChannelPowers;
  private readonly pending = new Map<string, Pending>();
  private count = 0;
  private lost = false;

  constructor(powers: ChannelPowers) {
    this.powers = powers;
    void this.listen();
  }

  /** Asks; resolves with the unparsed result. @throws Failure `window.lost`, `window.answer` */
  request<M extends keyof WindowRequests>(
    method: M,
    params: WindowRequests[M],
    signal: AbortSignal,
  ): Promise<JsonValue> {
    const id = ++this.count;
    return new Promise((resolve, reject) => {
      if (this.lost) return reject(gone());
      const withdraw = () => {
        this.pending.delete(String(id));
        reject(signal.reason);
      };
      signal.addEventListener("abort", withdraw, { once: true });
      const settled = () => signal.removeEventListener("abort", withdraw);
      this.pending.set(String(id), {
        resolve: (result) => [settled(), resolve(result)],
        reject: (failure) => [settled(), reject(failure)],
      });
      this.say({ jsonrpc: "2.0", id, method, params: [params] });
    });
  }

  notify<M extends keyof WindowNotifications>(method: M, params: WindowNotifications[M]): void {
    this.count++;
    this.say({ jsonrpc: "2.0", method, params: [params] });
  }

  private say(message: unknown): void {
    if (!this.lost) this.powers.write(`${encodeJson(message)}\n`);
  }

  private async listen(): Promise<void> {
    const splitter = new JsonSplitter({ bytesMax: limits.windowMessageBytesMax });
    try {
      for await (const chunk of this.powers.input) {
        for (const cut of splitter.push(chunk)) {
          if ("value" in cut) this.takeBytes(cut.value);
          else this.skip(cut.skipped);
        }
      }
    } catch (error) {
      this.powers.log.error("The window's channel failed", { reason: messageOf(error) });
    }
    this.lost = true;
    for (const { reject } of this.pending.values()) reject(gone());
    this.pending.clear();
    this.powers.onLost();
  }

  private takeBytes(bytes: Uint8Array): void {
    const message = this.parsed(bytes);
    if (message === undefined) return;
    for (const item of isArray(message) ? message : [message]) this.take(item);
  }

  private parsed(bytes: Uint8Array): JsonValue | undefined {
    try {
      return parseJsonBytes(bytes, limits.json);
    } catch (error) {
      if (!(error instanceof JsonError)) throw error;
      return void this.skip(error.message);
    }
  }

  /** Something that is no message is dropped: it mustn't end the channel. */
  private skip(reason: string): void {
    this.powers.log.warn("Skipping what the window said", { reason });
  }

  private take(message: JsonValue): void {
    if (!isObject(message)) this.skip("it is no object");
    else if (message.has("method")) this.refuse(message);
    else this.settle(message);
  }

  private settle(message: JsonObject): void {
    const id = message.get("id");
    const key = id instanceof JsonNumber ? id.text : "";
    const pending = this.pending.get(key);
    this.pending.delete(key);
    if (pending === undefined) {
      this.powers.log.debug("The window answered a question that is not open");
    } else if ((message.get("error") ?? null) !== null) {
      this.powers.log.warn("The window answered with an error", { id: key });
      pending.reject(new Failure("window.answer", "the window answered with an error"));
    } else {
      pending.resolve(message.get("result") ?? null);
    }
  }

  /** A request of the window's. None is served yet. */
  private refuse(message: JsonObject): void {
    const method = message.get("method");
    const id = message.get("id");
    if (id === undefined) return;
    const name = typeof method === "string" ? method.slice(0, limits.methodCharsMax) : "";
    const known = (windowToSignerMethods as readonly string[]).includes(name);
    const text = known ? "is not implemented yet" : "does not exist/is not available";
    const error: RpcError = {
      code: rpcCode.methodNotFound,
      message: `the method ${name} ${text}`,
    };
    this.powers.write(
      `{"jsonrpc":"2.0","id":${encodeJsonValue(id)},"error":${encodeJson(error)}}\n`,
    );
  }
}

function gone(): Failure {
  return new Failure("window.lost", "the window went away");
}
