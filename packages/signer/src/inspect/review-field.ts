import { limits } from "../domain/limits.ts";
import type { ReviewField } from "../domain/review.ts";

/** A line that comes from the value that is signed. */
export function field(label: string, value: string): ReviewField {
  return { label, value, claim: false };
}

/** A long value as several fields, so that none is cut where it is shown. */
export function chunked(label: string, text: string): readonly ReviewField[] {
  return piecesOf(text).map((piece, at) => field(at === 0 ? label : "", piece));
}

/** The beginning of a text for a headline, with a mark if that isn't all of it. */
export function excerpt(text: string): string {
  const { headlineCharsMax: max } = limits;
  const chars = [...text.slice(0, 2 * max + 2)];
  return chars.length <= max ? text : `${chars.slice(0, max).join("")}\u2026`;
}

/** A long text in pieces that nobody cuts: at a space if there is one, so that no number is in two. */
export function piecesOf(text: string): readonly string[] {
  const pieces: string[] = [];
  let at = 0;
  do {
    const end = endOf(text, at);
    pieces.push(text.slice(at, end));
    at = end;
  } while (at < text.length);
  return pieces;
}

/** Where a piece ends that begins at `at`: as many units as may be shown, and no pair of them apart. */
function endOf(text: string, at: number): number {
  const end = at + limits.shownCharsMax;
  if (end >= text.length) return text.length;
  const space = text.slice(at, end).lastIndexOf(" ");
  // A word that is longer than half a piece is broken all the same.
  if (space >= limits.shownCharsMax / 2) return at + space + 1;
  const splitsPair = /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(end - 1, end + 1));
  return splitsPair ? end - 1 : end;
}
