import type { SpelledAddress } from "./fields.ts";

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
