import { withLabel } from "../domain/account.ts";
import { type Address, checksummed } from "../domain/address.ts";
import type { Review, ReviewField } from "../domain/review.ts";

/** What the operator calls accounts. No caller can set such a name. */
export type LabelsOf = ReadonlyMap<Address, string>;

const none: LabelsOf = new Map();

/**
 * Says the operator's name behind each address that is a field by itself: of the account that signs,
 * and of a recipient that is an account as well. Pure.
 */
export function labelled(review: Review, labels: LabelsOf = none): Review {
  if (labels.size === 0) return review;
  const names = new Map([...labels].map(([address, label]) => [checksummed(address), label]));
  const named = (field: ReviewField): ReviewField => {
    const label = field.claim ? undefined : names.get(field.value);
    return label === undefined ? field : { ...field, value: withLabel(field.value, label) };
  };
  return { ...review, fields: review.fields.map(named) };
}
