import { limits } from "../domain/limits.ts";
import type { ReviewField } from "../domain/review.ts";

/** A line that comes from the value that is signed. */
export function field(label: string, value: string): ReviewField {
  return { label, value, claim: false };
}

/** A long value as several fields, so that none is cut where it is shown. */
export function chunked(label: string, text: string): readonly ReviewField[] {
  const fields: ReviewField[] = [];
  for (let at = 0; at === 0 || at < text.length; ) {
    const end = endOf(text, at);
    fields.push(field(at === 0 ? label : "", text.slice(at, end)));
    at = end;
  }
  return fields;
}

/** Where a field ends that begins at `at`: as many units as may be shown, and no pair of them apart. */
function endOf(text: string, at: number): number {
  const end = at + limits.shownCharsMax;
  const splitsPair = /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(end - 1, end + 1));
  return splitsPair ? end - 1 : end;
}
