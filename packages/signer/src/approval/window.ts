import type { SignTransactionResult } from "@cleft/protocol/account.ts";
import type { Hex } from "@cleft/protocol/hex.ts";
import type { JsonValue } from "@cleft/protocol/json.ts";
import type {
  ApproveSignDataWire,
  SignerStartupWire,
  TransactionWire,
} from "@cleft/protocol/window.ts";
import type { Account, NamedAccount } from "../domain/account.ts";
import type { Address } from "../domain/address.ts";
import type { Caller } from "../domain/caller.ts";
import type { Decider } from "../domain/decider.ts";
import type { FailureCode } from "../domain/failure.ts";
import type { Review } from "../domain/review.ts";
import type { Secret } from "../domain/secret.ts";
import type { GrantChange, Unlocked } from "../domain/unlock-terms.ts";

/** What a window can be asked. Plain data: it may have to cross a process. */
export interface Questions {
  transaction: {
    readonly caller: Caller;
    readonly review: Review;
    readonly transaction: TransactionWire;
    /** Binds the answer to exactly this question. */
    readonly digest: Hex;
    /** The window changed the transaction and it is shown once more. */
    readonly again: boolean;
    /** The account is unlocked for this caller: a yes signs without its password. */
    readonly unlocked: Unlocked | undefined;
  };
  data: {
    readonly caller: Caller;
    readonly review: Review;
    readonly data: DataWire;
    readonly digest: Hex;
    readonly unlocked: Unlocked | undefined;
  };
  listing: { readonly caller: Caller; readonly accounts: readonly NamedAccount[] };
  newAccount: { readonly caller: Caller };
  /** Attempts count from 0. */
  password: { readonly account: Address; readonly signs: Signs; readonly attempt: number };
  /** Attempts count from 0; `again` asks for the same password once more. */
  newPassword: { readonly attempt: number; readonly again: boolean };
}

/** What a password is asked for. */
export type Signs = "transaction" | "data";

/** Data that is signed, as windows of Clef's API are shown it. */
export type DataWire = Pick<
  ApproveSignDataWire,
  "content_type" | "address" | "raw_data" | "messages" | "hash"
>;

/** The answer to each kind of question. */
export interface Answers {
  /** `transaction` is what a window sent back, unparsed, or undefined if it can't change any. */
  transaction:
    | { readonly approved: false }
    | {
        readonly approved: true;
        readonly digest: Hex;
        readonly transaction: JsonValue | undefined;
      };
  data: { readonly approved: false } | { readonly approved: true; readonly digest: Hex };
  /** Undefined is a no. */
  listing: { readonly addresses: readonly Address[] | undefined };
  newAccount: { readonly approved: boolean };
  password: { readonly password: Secret };
  newPassword: { readonly password: Secret };
}

/**
 * Asks one kind of question. `signal` withdraws it.
 * @throws Failure `window.lost`, or the reason of the signal
 */
export type Ask<K extends keyof Questions> = (
  question: Questions[K],
  signal: AbortSignal,
) => Promise<Answers[K]>;

/** The signer serves. */
export interface Started {
  readonly kind: "started";
  /** What Clef's windows are told. */
  readonly info: SignerStartupWire["info"];
  /** The socket for other qubes, or `n/a`. */
  readonly qrexec: string;
  /** Names of the chains that may be signed for, the one that is taken if none is named first. */
  readonly chains: readonly string[];
  /** The folder of the key files. */
  readonly keystore: string;
}

/** What a window is told. It needn't answer. */
export type Notice =
  | Started
  /**
   * The queue of a person's window has changed: how many questions wait, the one whose turn it is
   * included, and when that one expires (ms since 1970); undefined if it is nobody's turn.
   */
  | { readonly kind: "queue"; readonly waiting: number; readonly expiresAt: number | undefined }
  /** The operator has locked the signer, or unlocked it again. */
  | { readonly kind: "lock"; readonly locked: boolean }
  /** An account was unlocked, that was used, or it has ended. */
  | { readonly kind: "grant"; readonly grant: Unlocked; readonly change: GrantChange }
  | { readonly kind: "signed"; readonly result: SignTransactionResult }
  | { readonly kind: "signed-data"; readonly account: Address }
  | { readonly kind: "created"; readonly account: Account }
  /** A password that can't be taken. */
  | { readonly kind: "complaint"; readonly text: string }
  /** `agreed`: the window had said yes. */
  | {
      readonly kind: "failed";
      readonly about: About;
      readonly code: FailureCode;
      readonly text: string;
      readonly agreed: boolean;
    };

/** What a request is about. */
export type About = Signs | "listing" | "account";

/** Port: where questions are answered. */
export interface Window {
  /** A person is asked one thing at a time; a program gets all that is pending. */
  readonly answeredBy: Decider;
  readonly ask: { readonly [K in keyof Questions]: Ask<K> };
  tell(notice: Notice): void;
}
