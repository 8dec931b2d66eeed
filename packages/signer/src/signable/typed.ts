import type { AccessTuple } from "./access-list-args.ts";
import {
  type CarriedFields,
  type Fees,
  type OwnFields,
  type Payment,
  recipientField,
  signedResult,
} from "./envelope.ts";
import type { Signable } from "./kind.ts";
import { encodeEnvelope, type RlpInput } from "./rlp.ts";

/** A transaction with a type byte (EIP-2718) and an access list (EIP-2930). */
export interface TypedPayment extends Payment {
  readonly accessList: readonly AccessTuple[];
}

/** In what one type differs from the others. */
interface TypedKind<T> {
  readonly type: 1 | 2 | 3 | 4;
  /** The fields that stand between nonce and gas. */
  prices(tx: T): readonly bigint[];
  fees(tx: T): Fees;
  /** The fields behind the access list, and the same in a result. */
  tail?(tx: T): readonly RlpInput[];
  own?(tx: T): OwnFields;
  /** What is sent beside the signed fields, and the same in a result. */
  wrapped?(tx: T): readonly RlpInput[];
  carried?(tx: T): CarriedFields;
}

/** Preimage and result of a type: the type byte and the list of its fields, signed and unsigned. */
export function typedEncoding<T extends TypedPayment>({
  type,
  prices,
  fees,
  tail = () => [],
  own = () => ({}),
  wrapped = () => [],
  carried = () => ({}),
}: TypedKind<T>): Pick<
  Signable<string, T & { readonly tag: string }>,
  "type" | "preimage" | "result"
> {
  const unsigned = (tx: T): RlpInput[] => [
    tx.chainId,
    tx.nonce,
    ...prices(tx),
    tx.gas,
    recipientField(tx),
    tx.value,
    tx.data,
    tx.accessList.map(({ address, storageKeys }) => [address, [...storageKeys]]),
    ...tail(tx),
  ];
  return {
    type,
    preimage: (tx) => encodeEnvelope(type, unsigned(tx)),
    result(tx, signature) {
      const v = BigInt(signature.yParity);
      const signed = [...unsigned(tx), v, BigInt(signature.r), BigInt(signature.s)];
      const beside = wrapped(tx);
      const envelope = encodeEnvelope(type, signed);
      const raw = beside.length === 0 ? envelope : encodeEnvelope(type, [signed, ...beside]);
      const fields = { fees: fees(tx), v, accessList: tx.accessList, own: own(tx) };
      const parts = { type, envelope, ...fields, carried: carried(tx) };
      return signedResult(raw, tx, parts, signature);
    },
  };
}
