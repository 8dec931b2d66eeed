import { limits } from "../../domain/limits.ts";

/** Fields of one line, in their order. Texts may be a stranger's. */
export type AuditFields = Readonly<Record<string, string>>;

/** How every line begins. */
export const auditLineBegins = "time=";

/**
 * One line as Go's slog writes it, with its newline: `time=… level=INFO key=value …`. `atMs` is
 * milliseconds since 1970 and shown in the local zone.
 */
export function auditLine(atMs: number, fields: AuditFields): string {
  const pairs = Object.entries(fields).map(([key, value]) => `${word(key)}=${word(cut(value))}`);
  return `${auditLineBegins}${localTime(new Date(atMs))} level=INFO ${pairs.join(" ")}\n`;
}

/** RFC 3339 with milliseconds: `2026-11-22T06:22:52.612+01:00`, or `Z` in UTC. */
function localTime(at: Date): string {
  const offset = -at.getTimezoneOffset();
  const local = new Date(at.getTime() + offset * 60_000).toISOString().slice(0, -1);
  if (offset === 0) return `${local}Z`;
  const minutes = Math.abs(offset);
  const two = (value: number) => String(Math.trunc(value)).padStart(2, "0");
  return `${local}${offset < 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`;
}

function cut(value: string): string {
  const over = value.length - limits.auditValueCharsMax;
  if (over <= 0) return value;
  return `${value.slice(0, limits.auditValueCharsMax)}... (${over} characters cut)`;
}

/** What needs no quotes: visible ASCII but the quote and the equals sign, and visible letters. */
const plain = /^(?:[!#-<>-~]|(?![ -~])[\p{L}\p{M}\p{N}\p{P}\p{S}])+$/u;
/** What stands for itself within quotes. Go also lets invisible letters through, which hide. */
const visible = /[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u;
const hidden = /[\p{Default_Ignorable_Code_Point}\u2800]/u;
const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\u0007": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
};

function word(text: string): string {
  if (plain.test(text) && !hidden.test(text)) return text;
  return `"${[...text].map(quoted).join("")}"`;
}

/** As Go's strconv.Quote. */
function quoted(char: string): string {
  const short = escapes[char];
  if (short !== undefined) return short;
  if (visible.test(char) && !hidden.test(char)) return char;
  const code = char.codePointAt(0) ?? 0;
  const hex = (digits: number) => code.toString(16).padStart(digits, "0");
  if (code < 0x80) return `\\x${hex(2)}`;
  return code > 0xffff ? `\\U${hex(8)}` : `\\u${hex(4)}`;
}
