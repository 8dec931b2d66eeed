import { encodeJson, encodeJsonValue } from "../json.ts";
import { countValues } from "../json-count.ts";
import type { ClientFrame, SignerFrame } from "./frames.ts";
import { clefqLimits } from "./limits.ts";

/** A client's frame as a line. */
export function encodeClientFrame(frame: ClientFrame): string {
  switch (frame.type) {
    case "hello":
      return line({ clefq: frame.version, client: frame.client });
    case "req": {
      const { id, claims } = frame;
      const rpc = encodeJsonValue(frame.rpc);
      return `{"type":"req","id":${encodeJson(id)},"rpc":${rpc},"claims":${encodeJson(claims)}}\n`;
    }
    case "cancel":
    case "ping":
    case "pong":
      return line(frame);
  }
}

/** The signer's frame as a line. A reply's text has to be JSON. */
export function encodeSignerFrame(frame: SignerFrame): string {
  switch (frame.type) {
    case "hello": {
      const { type: _, version, ...rest } = frame;
      return line({ clefq: version, ...rest });
    }
    case "ack":
      return line({ ...frame, state: "pending" });
    case "res": {
      const rpc = frame.rpc === undefined ? "" : `,"rpc":${frame.rpc.trimEnd()}`;
      return `{"type":"res","id":${encodeJson(frame.id)}${rpc}}\n`;
    }
    case "err":
      return line({ type: "res", id: frame.id, err: { code: frame.code } });
    case "bye":
    case "ping":
    case "pong":
      return line(frame);
  }
}

/** Whether a client takes a reply: a longer one would end its stream, and all that is open there. */
export function fitsReply(rpc: string): boolean {
  const { replyBytesMax, replyJson, replyFrame } = clefqLimits;
  const bytesMax = replyBytesMax - replyFrame.bytes;
  const valuesMax = replyJson.valuesMax - replyFrame.values;
  // A letter has at most three bytes.
  if (3 * rpc.length > bytesMax && new TextEncoder().encode(rpc).length > bytesMax) return false;
  // A value has at least a letter and what divides it from the next one.
  return rpc.length < 2 * valuesMax || countValues(rpc) <= valuesMax;
}

function line(value: object): string {
  return `${encodeJson(value)}\n`;
}
