import { inert } from "@cleft/protocol/inert.ts";
import { limits } from "../domain/limits.ts";

/** How large a screen is and what it can draw. */
export interface Medium {
  readonly columns: number;
  readonly rows: number;
  /** Only ASCII: the locale is not UTF-8. */
  readonly ascii: boolean;
}

/** A line of a form: a label, and a value that may be a stranger's text. */
export interface Row {
  readonly label: string;
  readonly value: string;
}

const labelColumns = 14;
const indent = 2;
/** Below this a value stands under its label, not beside it. */
const narrowColumns = 40;

/** From here on a character may take two columns. Taking all of them for wide is on the safe side. */
const wideFrom = "\u0300";

/**
 * Writes a row. The value is made inert and broken at the screen's edge under itself, so that no
 * value can look like the next row.
 */
export function rowLines({ label, value }: Row, { columns, ascii }: Medium): string[] {
  const shown = inert(value, { charsMax: limits.shownCharsMax, ascii });
  if (columns < narrowColumns) {
    const lines = wrapped(shown, Math.max(1, columns - 2 * indent - 1));
    return [...labelLines(label, columns), ...lines.map((line) => " ".repeat(2 * indent) + line)];
  }
  const lead = " ".repeat(indent + labelColumns);
  const [first = "", ...rest] = wrapped(shown, columns - lead.length - 1);
  if (label.length >= labelColumns) {
    return [...labelLines(label, columns), ...[first, ...rest].map((line) => lead + line)];
  }
  return [
    `${" ".repeat(indent)}${label.padEnd(labelColumns)}${first}`,
    ...rest.map((line) => lead + line),
  ];
}

/** The label and the value of a line by {@link rowLines}; a label is empty under the first line. */
export function partsOf(line: string): Row {
  const end = indent + labelColumns;
  return { label: line.slice(indent, end).trimEnd(), value: line.slice(end).trim() };
}

/** A label that stands above its value; what it doesn't fit goes on further right than any label. */
function labelLines(label: string, columns: number): string[] {
  const [first = "", ...rest] = pieced(label, Math.max(1, columns - 2 * indent - 1));
  return [`${" ".repeat(indent)}${first}`, ...rest.map((line) => " ".repeat(2 * indent) + line)];
}

/** Breaks a text at spaces, and where there are none, at the edge. */
export function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const joined = line === "" ? word : `${line} ${word}`;
    // No character takes less columns than it has units, and long words aren't counted twice.
    if (joined.length <= columns && columnsOf(joined) <= columns) {
      line = joined;
      continue;
    }
    if (line !== "") lines.push(line);
    const pieces = pieced(word, columns);
    line = pieces.pop() ?? "";
    lines.push(...pieces);
  }
  return [...lines, line];
}

/**
 * A text that fits so many columns: what doesn't fit is left out by whole words, which is shown, so
 * that no half of a number or an address stands there as if it were one.
 */
export function cutAtWord(text: string, { columns, ascii }: Omit<Medium, "rows">): string {
  if (columnsOf(text) <= columns) return text;
  const mark = ascii ? "..." : "…";
  const words = text.split(" ");
  const cut = (count: number) => [...words.slice(0, count), mark].join(" ");
  while (words.length > 0 && columnsOf(cut(words.length)) > columns) words.pop();
  return cut(words.length);
}

function pieced(word: string, columns: number): string[] {
  const pieces: string[] = [];
  let [start, at, taken] = [0, 0, 0];
  for (const char of word) {
    const more = widthOf(char);
    if (taken + more > columns) {
      pieces.push(word.slice(start, at));
      [start, taken] = [at, 0];
    }
    at += char.length;
    taken += more;
  }
  return [...pieces, word.slice(start)];
}

/** How many columns a text takes at most. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const char of text) columns += widthOf(char);
  return columns;
}

function widthOf(char: string): number {
  return char < wideFrom ? 1 : 2;
}

/** A line across the screen. */
export function rule({ columns, ascii }: Medium): string {
  return (ascii ? "-" : "─").repeat(Math.max(20, columns - 1));
}
