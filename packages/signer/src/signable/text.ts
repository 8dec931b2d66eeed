import { decodeLossy } from "@cleft/protocol/utf8.ts";
import type { SpelledAddress } from "./fields.ts";
import type { MessageForm } from "./message-form.ts";

/** A message that is signed as text: bytes, whatever they mean. */
export interface Text {
  readonly tag: "text";
  readonly account: SpelledAddress;
  /** What the caller calls it, without parameters. Anything but text/plain is signed all the same. */
  readonly contentType: string;
  readonly message: Uint8Array;
}

/** The bytes whose keccak-256 is signed: version 0x45 of EIP-191, the length in decimal. */
export function textPreimage(message: Uint8Array): Uint8Array {
  const prefix = new TextEncoder().encode(`\x19Ethereum Signed Message:\n${message.length}`);
  const preimage = new Uint8Array(prefix.length + message.length);
  preimage.set(prefix);
  preimage.set(message, prefix.length);
  return preimage;
}

/** A text as windows are shown it: the type is what it is signed as, whatever the caller calls it. */
export function textForm({ account, contentType, message }: Text): MessageForm {
  const preimage = textPreimage(message);
  const messages = [{ name: "message", value: decodeLossy(preimage), type: "text/plain" }];
  return { account, contentType, preimage, messages, firstV: 27 };
}
