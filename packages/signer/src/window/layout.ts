import { inert } from "@cleft/protocol/inert.ts";

/** How wide a screen is and what it can draw. */
export interface Medium {
  readonly columns: number;
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

/** Most characters of one value: a swap's longest honest texts fit. */
const valueCharsMax = 600;

/** Characters that take two columns in a terminal. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{16fe0}-\u{18cff}\u{1aff0}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;

/**
 * Writes a row. The value is made inert and broken at the screen's edge under itself, so that no
 * value can look like the next row.
 */
export function rowLines({ label, value }: Row, { columns, ascii }: Medium): string[] {
  const shown = inert(value, { charsMax: valueCharsMax, ascii });
  if (columns < narrowColumns) {
    const lines = wrapped(shown, Math.max(1, columns - 2 * indent - 1));
    return [`${" ".repeat(indent)}${label}`, ...lines.map((line) => " ".repeat(2 * indent) + line)];
  }
  const lead = " ".repeat(indent + labelColumns);
  const [first = "", ...rest] = wrapped(shown, columns - lead.length - 1);
  return [
    `${" ".repeat(indent)}${label.padEnd(labelColumns)}${first}`,
    ...rest.map((line) => lead + line),
  ];
}

/** Breaks a text at spaces, and where there are none, at the edge. */
export function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const joined = line === "" ? word : `${line} ${word}`;
    if (columnsOf(joined) <= columns) {
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

function pieced(word: string, columns: number): string[] {
  const pieces: string[] = [];
  let piece = "";
  for (const char of word) {
    if (columnsOf(piece) + columnsOf(char) > columns) {
      pieces.push(piece);
      piece = "";
    }
    piece += char;
  }
  return [...pieces, piece];
}

function columnsOf(text: string): number {
  let columns = 0;
  for (const char of text) columns += wide.test(char) ? 2 : 1;
  return columns;
}
