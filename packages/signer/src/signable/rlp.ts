import { RLP } from "micro-eth-signer/core/rlp.js";

/** What RLP can encode. */
export type RlpInput = Parameters<typeof RLP.encode>[0];

/** RLP of a list, behind its type byte if it has one (EIP-2718). A bigint becomes its shortest bytes. */
export function encodeEnvelope(typeByte: number | undefined, fields: RlpInput): Uint8Array {
  const body = RLP.encode(fields);
  if (typeByte === undefined) return body;
  const bytes = new Uint8Array(1 + body.length);
  bytes[0] = typeByte;
  bytes.set(body, 1);
  return bytes;
}
