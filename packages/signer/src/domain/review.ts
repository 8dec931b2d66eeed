import type { Confirmation } from "./confirmation.ts";
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
  /** What confirms a critical finding that asks for nothing of its own: the recipient or the account. */
  readonly confirmation: Confirmation;
}

/**
 * What confirms this, or undefined if a plain yes will do. Of several findings that ask for something
 * of their own it is the first, which stands first on the screen: one act by hand stops a reflex.
 */
export function confirmationOf({
  findings,
  confirmation,
}: Pick<Review, "findings" | "confirmation">): Confirmation | undefined {
  const critical = findings.filter(({ severity }) => severity === "critical");
  if (critical.length === 0) return undefined;
  const own = critical.find((finding) => finding.confirmation !== undefined);
  return own?.confirmation ?? confirmation;
}
