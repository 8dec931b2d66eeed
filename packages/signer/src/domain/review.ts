import type { Finding } from "./finding.ts";

/** One labelled line of a review. A `claim` comes from the caller and can't be checked. */
export interface ReviewField {
  readonly label: string;
  readonly value: string;
  readonly claim: boolean;
}

/**
 * What a person is shown, in the order of importance. Texts are as they came: whoever shows them
 * escapes them.
 */
export interface Review {
  /** One sentence: verb, amount, chain. */
  readonly headline: string;
  readonly findings: readonly Finding[];
  /** What matters: amounts and addresses. */
  readonly fields: readonly ReviewField[];
  /** The rest of what is signed. */
  readonly details: readonly ReviewField[];
  /** Calldata or init code as hex, or empty. */
  readonly data: `0x${string}`;
  /** The characters that confirm a critical finding: the end of the recipient or the account. */
  readonly confirmation: string;
}
