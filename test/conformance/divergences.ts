import { readFileSync } from "node:fs";
import { root } from "../support/shared.ts";

/** A row of docs/DIVERGENCES.md: a recorded case that we answer differently, and our answer. */
export interface Divergence {
  readonly file: string;
  readonly name: string;
  readonly reason: string;
  /** The error that we answer instead; a positive code is an HTTP status, with the body's text. */
  readonly error: { readonly code: number; readonly message: string };
}

/** Reads the table of recorded cases: | `file:case` | reason | `code or status` `text` |. */
export function readDivergences(): readonly Divergence[] {
  const text = readFileSync(`${root}docs/DIVERGENCES.md`, "utf8");
  const row = /^\| `([^:`]+):([^`]+)` \| (.+?) \| `(-?\d+)` `(.+)` \|$/gm;
  return [...text.matchAll(row)].map(([, file, name, reason, code, message]) => ({
    file: file ?? "",
    name: name ?? "",
    reason: reason ?? "",
    error: { code: Number(code), message: message ?? "" },
  }));
}
