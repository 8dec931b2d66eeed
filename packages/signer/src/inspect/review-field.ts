import { limits } from "../domain/limits.ts";
import type { ReviewField } from "../domain/review.ts";

/** A line that comes from the value that is signed. */
export function field(label: string, value: string): ReviewField {
  return { label, value, claim: false };
}

/** A long value as several fields, so that none is cut where it is shown. */
export function chunked(label: string, text: string): readonly ReviewField[] {
  const chars = [...text];
  const fields = [field(label, chars.slice(0, limits.shownCharsMax).join(""))];
  for (let at = limits.shownCharsMax; at < chars.length; at += limits.shownCharsMax) {
    fields.push(field("", chars.slice(at, at + limits.shownCharsMax).join("")));
  }
  return fields;
}
