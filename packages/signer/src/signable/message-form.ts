import type { NameValueTypeWire } from "@cleft/protocol/window.ts";
import type { SpelledAddress } from "./fields.ts";

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
