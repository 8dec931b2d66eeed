import type { AccessTupleWire, AuthorizationWire, SignTransactionResult } from "./account.ts";
import type { Hex } from "./hex.ts";

/** Version of the window API (Clef calls it the UI or internal API). */
export const windowApiVersion = "7.0.1";

/** Who asks, as Clef tells a window. Everything but `scheme` and `local` is the caller's claim. */
export interface MetaWire {
  readonly remote: string;
  readonly local: string;
  readonly scheme: string;
  readonly "User-Agent": string;
  readonly Origin: string;
}

/** One finding for a window of version 7.0. */
export interface CallInfoWire {
  readonly type: "Info" | "WARNING" | "CRITICAL";
  readonly message: string;
}

/**
 * The transaction that a window is asked about, keys in Clef's order. Addresses keep the caller's
 * capitals; calldata always arrives in `data`; `chainId` is absent if the caller left it out. Clef knew
 * no `authorizationList`: a window that drops it has changed the transaction.
 */
export interface TransactionWire {
  readonly from: string;
  readonly to: string | null;
  readonly gas: Hex;
  readonly gasPrice: Hex | null;
  readonly maxFeePerGas: Hex | null;
  readonly maxPriorityFeePerGas: Hex | null;
  readonly value: Hex;
  readonly nonce: Hex;
  readonly data?: Hex;
  readonly accessList?: readonly AccessTupleWire[];
  readonly chainId?: Hex;
  readonly maxFeePerBlobGas?: Hex;
  readonly blobVersionedHashes?: readonly Hex[];
  readonly blobVersion?: 0 | 1;
  readonly blobs?: readonly Hex[];
  readonly commitments?: readonly Hex[];
  readonly proofs?: readonly Hex[];
  readonly authorizationList?: readonly AuthorizationWire[];
}

/** An account as a window sees it: `url` is `keystore://` and a path. */
export interface AccountWire {
  readonly address: string;
  readonly url: string;
}

export interface ApproveTxWire {
  readonly transaction: TransactionWire;
  readonly call_info: readonly CallInfoWire[] | null;
  readonly meta: MetaWire;
}

/** A named value of what is signed; a struct has such values as its value, or null for none. */
export interface NameValueTypeWire {
  readonly name: string;
  readonly value: string | readonly NameValueTypeWire[] | null;
  readonly type: string;
}

/** Data that is to be signed. `raw_data` is base64 of the preimage, `hash` its keccak-256. */
export interface ApproveSignDataWire {
  readonly content_type: string;
  readonly address: string;
  readonly raw_data: string;
  readonly messages: readonly NameValueTypeWire[];
  readonly call_info: readonly CallInfoWire[] | null;
  readonly hash: Hex;
  readonly meta: MetaWire;
}

export interface ApproveNewAccountWire {
  readonly meta: MetaWire;
}

export interface ApproveListingWire {
  readonly accounts: readonly AccountWire[];
  readonly meta: MetaWire;
}

export interface InputRequiredWire {
  readonly title: string;
  readonly prompt: string;
  readonly isPassword: boolean;
}

/** What the signer tells a window once it serves. An endpoint that is not open reads `n/a`. */
export interface SignerStartupWire {
  readonly info: {
    readonly extapi_http: string;
    readonly extapi_ipc: string;
    readonly extapi_version: string;
    readonly intapi_version: string;
  };
}

/** Requests to a window and the shape of their only parameter. */
export interface WindowRequests {
  ui_approveTx: ApproveTxWire;
  ui_approveSignData: ApproveSignDataWire;
  ui_approveListing: ApproveListingWire;
  ui_approveNewAccount: ApproveNewAccountWire;
  ui_onInputRequired: InputRequiredWire;
}

/** Notifications to a window: they carry no id, yet use up a number. */
export interface WindowNotifications {
  ui_showInfo: { readonly text: string };
  ui_showError: { readonly text: string };
  ui_onApprovedTx: SignTransactionResult;
  ui_onSignerStartup: SignerStartupWire;
}

/** Methods that a window may call in the signer. */
export const windowToSignerMethods = [
  "clef_listAccounts",
  "clef_listWallets",
  "clef_deriveAccount",
  "clef_importRawKey",
  "clef_openWallet",
  "clef_chainId",
  "clef_setChainId",
  "clef_export",
  "clef_import",
  "clef_new",
] as const;
