import type { NameValueTypeWire } from "@cleft/protocol/window.ts";
import type { SpelledAddress } from "./fields.ts";

/** An integer as Clef's windows are shown it, in both of its spellings: `1 (0x1)`. */
export function integerText(value: bigint): string {
  const digits = value < 0n ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`;
  return `${value} (${digits})`;
}

/** What the signer and the windows need of any message. It all comes from the parsed value. */
export interface MessageForm {
  readonly account: SpelledAddress;
  /** As the caller called it. */
  readonly contentType: string;
  /** The very bytes whose keccak-256 is signed. */
  readonly preimage: Uint8Array;
  /** What windows of Clef's API are shown. */
  readonly messages: readonly NameValueTypeWire[];
  /** The number that stands for an even y in the signature's last byte. */
  readonly firstV: 0 | 27;
}
