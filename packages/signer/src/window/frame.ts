import assert from "node:assert/strict";
import { qubeLabels } from "../domain/caller.ts";
import { severityLabels } from "../domain/finding.ts";
import { columnsOf, type Medium, partsOf } from "./layout.ts";
import { type Palette, type Tone, toned } from "./palette.ts";
import { qubeLabelLabel } from "./render.ts";

/** What is on the screen, in words. */
export interface View {
  /** The bar at the top: what is going on, and what is left of it. */
  readonly left: string;
  readonly right: string;
  /** What happened last; it may hold a stranger's text, made inert. */
  readonly news: string;
  /** All lines of the page, and the first one that is shown. */
  readonly lines: readonly string[];
  readonly top: number;
  /** The line above the keys: what is in the way of a yes, or what to type. */
  readonly status: { readonly text: string; readonly tone: Tone };
  readonly keys: string;
}

/** Below this nothing can be read, so nothing can be approved. */
const smallest = { columns: 24, rows: 8 } as const;
/** Bar, rule, status and keys; and the news where there is room for them. */
const fixedRows = 4;
const newsFromRows = 16;

/** Whether a question can be read on the screen at all. */
export function isTooSmall({ columns, rows }: Medium): boolean {
  return columns < smallest.columns || rows < smallest.rows;
}

/** How many lines of the page the screen shows. */
export function pageRows({ rows }: Medium): number {
  return Math.max(1, rows - fixedRows - (rows >= newsFromRows ? 1 : 0));
}

/** Draws the screen: exactly `rows` lines, none wider than the screen. Pure. */
export function frame(view: View, medium: Medium, palette: Palette): readonly string[] {
  const { columns, rows } = medium;
  if (isTooSmall(medium)) return tooSmall(medium);
  const draw = (text: string, tone: Tone = "plain") => toned(fit(text, columns), tone, palette);
  const tones = tonesOf(view.lines);
  const page = Array.from({ length: pageRows(medium) }, (_, row) => {
    const [line, tone] = [view.lines[view.top + row] ?? "", tones[view.top + row] ?? "plain"];
    const lead = line.startsWith(indent) ? indent : "";
    return lead + toned(fit(line.slice(lead.length), columns - lead.length), tone, palette);
  });
  return [
    draw(bar(view, columns), "bar"),
    ...(rows >= newsFromRows ? [draw(` ${view.news}`, view.news === "" ? "plain" : "bar")] : []),
    ...page,
    draw(divider(view, medium)),
    draw(` ${view.status.text}`, view.status.tone),
    draw(` ${view.keys}`),
  ];
}

function tooSmall({ columns, rows }: Medium): string[] {
  const text = `Needs ${smallest.columns} x ${smallest.rows}`;
  return Array.from({ length: Math.max(1, rows) }, (_, at) => (at === 0 ? fit(text, columns) : ""));
}

function bar({ left, right }: View, columns: number): string {
  const gap = columns - left.length - right.length - 2;
  return gap < 1 ? ` ${left} ${right}` : ` ${left}${" ".repeat(gap)}${right} `;
}

/** The rule under the page says how much of it there is, and how much is still to come. */
function divider(view: View, medium: Medium): string {
  const { columns, ascii } = medium;
  const page = pageRows(medium);
  const dash = ascii ? "-" : "─";
  const { lines, top } = view;
  const below = linesBelow(view, page);
  const rest = below === 0 ? "the end" : `${below} more below`;
  const last = Math.min(lines.length, top + page);
  const words =
    lines.length <= page ? "" : ` lines ${top + 1}-${last} of ${lines.length}, ${rest} `;
  return `${dash.repeat(2)}${words}`.padEnd(columns, dash);
}

/** Lines that the screen doesn't show yet. */
export function linesBelow({ lines, top }: Pick<View, "lines" | "top">, page: number): number {
  return Math.max(0, lines.length - top - page);
}

const toneOfLabel: Readonly<Record<string, Tone>> = {
  [severityLabels.critical]: "critical",
  [severityLabels.warning]: "warning",
};

/** A qube's label is the operator's word of a closed list, and stands in its own colour. */
function toneOf(line: string): Tone {
  const { label, value } = partsOf(line);
  if (label !== qubeLabelLabel) return toneOfLabel[label] ?? "plain";
  const colour = qubeLabels.find((name) => name === value);
  return colour === undefined ? "plain" : `label ${colour}`;
}

/**
 * Tones follow from the label column, where of a stranger's text only paths behind a dot can stand,
 * and go on under it until the next label or an empty line. The first row is the title; a line that
 * begins left of them is a heading of ours.
 */
function tonesOf(lines: readonly string[]): Tone[] {
  let tone: Tone = "title";
  return lines.map((line, at) => {
    if (/^ ?\S/.test(line)) return "heading";
    if (line === "") tone = "plain";
    else if (/^ {2}\S/.test(line) && at > 0) tone = toneOf(line);
    return tone;
  });
}

/** What is left of the label column, and of what stands out. */
const indent = "  ";

/** Cuts or fills a text to the width of the screen. */
function fit(text: string, columns: number): string {
  assert(!/\p{Cc}/u.test(text), "whatever is drawn has been made inert");
  let shown = "";
  let left = columns;
  for (const char of text) {
    const width = ourSigns.has(char) ? 1 : columnsOf(char);
    if (width > left) break;
    left -= width;
    shown += char;
  }
  return shown + " ".repeat(left);
}

/** Our own signs take one column; `columnsOf` is careful about all that a stranger may send. */
const ourSigns = new Set("─↑↓");
