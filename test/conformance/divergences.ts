import { readFileSync } from "node:fs";
import { root } from "../support/shared.ts";

/** A row of docs/DIVERGENCES.md: a recorded case that we answer differently, and our answer. */
export interface Divergence {
  readonly file: string;
  readonly name: string;
  readonly reason: string;
  readonly answer: /** The error that we answer instead; a positive code is an HTTP status, with the body's text. */
    | { readonly kind: "error"; readonly code: number; readonly message: string }
    /** Another result. */
    | { readonly kind: "result"; readonly text: string }
    /** The same reply, but the window's first message has this text. */
    | { readonly kind: "window"; readonly text: string };
}

/** Reads the table of recorded cases: | `file:case` | reason | `code, status, window or result` `text` |. */
export function readDivergences(): readonly Divergence[] {
  const text = readFileSync(`${root}docs/DIVERGENCES.md`, "utf8");
  const row =
    /^\| `([^:`]+):([^`]+)` \| (.+?) \| (?:`(-?\d+)` `(.+)`|(window|result) `(.+)`) \|$/gm;
  return [...text.matchAll(row)].map(([, file, name, reason, code, message, kind, text]) => ({
    file: file ?? "",
    name: name ?? "",
    reason: reason ?? "",
    answer:
      kind === undefined
        ? { kind: "error", code: Number(code), message: message ?? "" }
        : { kind: kind === "result" ? "result" : "window", text: text ?? "" },
  }));
}
