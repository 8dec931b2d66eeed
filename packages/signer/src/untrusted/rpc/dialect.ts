import { isArray, type JsonValue } from "@cleft/protocol/json.ts";
import { Failure } from "../../domain/failure.ts";
import { limits } from "../../domain/limits.ts";

/** Where Clef answers differently over HTTP and over a stream of values (IPC). */
export interface Dialect {
  /** Requests in one batch; the values of a body are bounded in any case. */
  readonly batchMax: number;
  /** Replies of one batch together, characters and values, after which no more of it is run. */
  readonly batchReplyMax: { readonly chars: number; readonly values: number };
  /** Whether every reply ends with a newline, also one to what could not be taken apart. */
  readonly alwaysLines: boolean;
  /** What a method that subscribes to something is answered: there is nothing to subscribe to. */
  readonly noSubscription: (method: string, params: JsonValue | undefined) => Failure;
}

export const http: Dialect = {
  batchMax: limits.batchMax,
  batchReplyMax: { chars: limits.batchReplyCharsMax, values: Number.POSITIVE_INFINITY },
  alwaysLines: false,
  noSubscription: () => new Failure("method.unknown", "notifications not supported"),
};

export const stream: Dialect = {
  batchMax: Number.POSITIVE_INFINITY,
  batchReplyMax: http.batchReplyMax,
  alwaysLines: true,
  noSubscription(method, params) {
    const [name] = isArray(params) ? params : [];
    if (typeof name !== "string") {
      const text = isArray(params)
        ? "expected subscription name as first argument"
        : "non-array args";
      return new Failure("params.invalid", text);
    }
    const quoted = JSON.stringify(name.slice(0, limits.methodCharsMax));
    const space = method.slice(0, limits.methodCharsMax).split("_", 1);
    return new Failure("method.unknown", `no ${quoted} subscription in ${space} namespace`);
  },
};

/** Calls from other qubes: a line each way, and every request of a batch may be a question. */
export const qrexec: Dialect = {
  batchMax: limits.qubeBatchMax,
  batchReplyMax: { chars: limits.qubeBatchReplyCharsMax, values: limits.qubeBatchReplyValuesMax },
  alwaysLines: true,
  noSubscription: http.noSubscription,
};
