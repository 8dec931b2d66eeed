import type { Hex } from "./hex.ts";

/** External API, namespace `account`: what `account_version` answers. */
export const externalApiVersion = "6.1.0";

/** Every method of Clef's external API. */
export const accountMethods = [
  "account_version",
  "account_list",
  "account_new",
  "account_signTransaction",
  "account_signData",
  "account_signTypedData",
  "account_signGnosisSafeTx",
  "account_ecRecover",
] as const;

/** An entry of an access list (EIP-2930) on the wire. */
export interface AccessTupleWire {
  readonly address: Hex;
  readonly storageKeys: readonly Hex[];
}

/** An entry of an authorization list (EIP-7702) on the wire, with its signature. */
export interface AuthorizationWire {
  readonly chainId: Hex;
  readonly address: Hex;
  readonly nonce: Hex;
  readonly yParity: Hex;
  readonly r: Hex;
  readonly s: Hex;
}

/**
 * A signed transaction as go-ethereum writes it. Keys are in the order in which they are written; a
 * fee field that the type does not use is null, and what legacy transactions lack is absent.
 */
export interface SignedTransactionWire {
  readonly type: Hex;
  readonly chainId: Hex;
  readonly nonce: Hex;
  readonly to: Hex | null;
  readonly gas: Hex;
  readonly gasPrice: Hex | null;
  readonly maxPriorityFeePerGas: Hex | null;
  readonly maxFeePerGas: Hex | null;
  readonly maxFeePerBlobGas?: Hex;
  readonly value: Hex;
  readonly input: Hex;
  readonly accessList?: readonly AccessTupleWire[];
  readonly blobVersionedHashes?: readonly Hex[];
  readonly authorizationList?: readonly AuthorizationWire[];
  readonly v: Hex;
  readonly r: Hex;
  readonly s: Hex;
  readonly yParity?: Hex;
  readonly blobs?: readonly Hex[];
  readonly commitments?: readonly Hex[];
  readonly proofs?: readonly Hex[];
  readonly hash: Hex;
}

/** Result of `account_signGnosisSafeTx`, keys in the order in which they are written. */
export interface SafeTxResult extends SafeTxWire {
  readonly signature: Hex;
  readonly contractTransactionHash: Hex;
  readonly sender: string;
}

/** A transaction of a Safe, keys in the order in which they are written. */
export interface SafeTxWire {
  readonly safe: string;
  readonly to: string;
  readonly value: string;
  readonly gasPrice: string;
  readonly data: Hex | null;
  readonly operation: number;
  readonly gasToken: Hex;
  readonly refundReceiver: Hex;
  readonly baseGas: number;
  readonly safeTxGas: number;
  readonly nonce: number;
  readonly safeTxHash: Hex;
  /** Only if the signed hash holds one. */
  readonly chainId?: Hex;
}

/** Result of `account_signTransaction`: the EIP-2718 envelope, and the same as fields. */
export interface SignTransactionResult {
  readonly raw: Hex;
  readonly tx: SignedTransactionWire;
}
