import { checksummed } from "../../domain/address.ts";
import { endOf } from "../../domain/confirmation.ts";
import { cleftFinding } from "../../domain/finding.ts";
import { hashOf } from "../../domain/hash.ts";
import type { Review } from "../../domain/review.ts";
import type { CliqueHeader } from "../../signable/clique.ts";
import { chunked, excerpt, field } from "../review-field.ts";

/** Says what a header would do. `sealedBefore`: another one of its number may have been signed. */
export function inspectCliqueHeader(
  { account, number, fields, encoded }: CliqueHeader,
  { sealedBefore }: { readonly sealedBefore: boolean },
): Review {
  const address = checksummed(account.address);
  return {
    headline: `Seal block ${excerpt(String(number))} of a Clique network`,
    findings: sealedBefore ? [twin] : [],
    fields: [field("account", address), ...fields.flatMap(({ name, text }) => chunked(name, text))],
    details: [field("digest", hashOf(encoded)), field("signed as", "a Clique header (EIP-225)")],
    data: "0x",
    confirmation: endOf(account.address, "account"),
  };
}

const twin = cleftFinding(
  "warning",
  "another header with this number was approved before: the network may punish two",
);
