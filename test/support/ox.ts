import {
  Secp256k1,
  TxEnvelopeEip1559,
  TxEnvelopeEip2930,
  TxEnvelopeEip4844,
  TxEnvelopeEip7702,
  TxEnvelopeLegacy,
} from "ox";
import type { Hex } from "viem";

const envelopes = {
  legacy: TxEnvelopeLegacy,
  eip2930: TxEnvelopeEip2930,
  eip1559: TxEnvelopeEip1559,
  eip4844: TxEnvelopeEip4844,
  eip7702: TxEnvelopeEip7702,
} as const;

interface Fields {
  readonly chainId: bigint;
  readonly authorizationList?: readonly { r: Hex; s: Hex; nonce: number }[];
}

/** The bytes that ox makes of a transaction: its fields go under viem's names, its numbers differ. */
export function signByOx(type: keyof typeof envelopes, fields: Fields, privateKey: Hex): string {
  const authorizationList = fields.authorizationList?.map(({ r, s, nonce, ...rest }) => ({
    ...{ ...rest, nonce: BigInt(nonce), r: BigInt(r), s: BigInt(s) },
  }));
  const chainId = Number(fields.chainId);
  const envelope = { ...fields, type, chainId, ...(authorizationList && { authorizationList }) };
  // All five have the same form, but a common type of their arguments is none.
  const { getSignPayload, serialize } = envelopes[type] as unknown as typeof TxEnvelopeEip1559;
  const drawn = envelope as unknown as TxEnvelopeEip1559.TxEnvelopeEip1559;
  const signature = Secp256k1.sign({ payload: getSignPayload(drawn), privateKey });
  return serialize(drawn, { signature });
}
