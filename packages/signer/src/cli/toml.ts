import { inert } from "@cleft/protocol/inert.ts";
import type { AST } from "toml-eslint-parser";
import { Failure } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";

/** A place in a file: the first line is 1, the first column is 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A value of a TOML file and where it begins. What Cleft has no use for keeps its kind only. */
export type TomlValue = Place &
  (
    | { readonly kind: "string"; readonly text: string }
    | { readonly kind: "integer"; readonly number: bigint }
    | { readonly kind: "boolean"; readonly on: boolean }
    | { readonly kind: "array"; readonly items: readonly TomlValue[] }
    | { readonly kind: "table" | "array of tables" | "float" | "date" }
  );

/** A key with its tables, e.g. `["http", "port"]`, and its value. Tables are entries of their own. */
export interface TomlEntry extends Place {
  readonly path: readonly string[];
  readonly value: TomlValue;
}

/**
 * Reads TOML 1.0 as a flat list, in the file's order; however a table is written, it reads the
 * same. The parser is loaded on the first call, because most starts have no file.
 * @throws Failure `usage` beginning with `path:line:column`, also for a key that stands twice
 */
export async function parseToml(text: string, path: string): Promise<readonly TomlEntry[]> {
  const { ParseError, parseTOML } = await import("toml-eslint-parser");
  try {
    const [top] = parseTOML(text, { tomlVersion: "1.0" }).body;
    return top.body.flatMap((part) =>
      part.type === "TOMLTable" ? tableOf(part) : pairOf(part, []),
    );
  } catch (error) {
    // The parser recurses: what is nested beyond the stack is no settings file, and no bug.
    if (error instanceof RangeError) {
      throw new Failure("usage", `${path}: expected less nesting`, { cause: error });
    }
    if (!(error instanceof ParseError)) throw error;
    const place = `${path}:${error.lineNumber}:${error.column + 1}`;
    const hint = unquotedHint(text.split(/\r?\n/)[error.lineNumber - 1] ?? "");
    throw new Failure("usage", `${place}: ${reasonOf(error.message)}`, {
      ...(hint === undefined ? {} : { hint }),
      cause: error,
    });
  }
}

/** What to do about a line that was refused, if its value is a word without quotes. */
function unquotedHint(line: string): string | undefined {
  const [, key, written = ""] =
    /^\s*([\w.-]+)\s*=\s*([^\s"'{#=][^"'{#=]*)(?:#.*)?$/.exec(line) ?? [];
  const value = written.trim();
  if (key === undefined || !/[\p{L}~/]/u.test(value)) return undefined;
  if (/^(?:true|false)$/i.test(value)) return `in small letters: ${key} = ${value.toLowerCase()}`;
  if (value.startsWith("[")) return 'texts of a list stand in quotes too, such as ["a", "b"]';
  const shown = inert(value, { charsMax: limits.loggedCharsMax, ascii: true });
  return `a text stands in quotes: ${key} = ${JSON.stringify(shown)}`;
}

function reasonOf(message: string): string {
  if (message === "Defining a key multiple times is invalid") {
    return "expected every key once, got this one twice";
  }
  return `expected TOML, got an error: ${message.charAt(0).toLowerCase()}${message.slice(1)}`;
}

/** A `[table]` and what stands below it. */
function tableOf(table: AST.TOMLTable): TomlEntry[] {
  const path = namesOf(table.key);
  const kind = table.kind === "array" ? "array of tables" : "table";
  const place = placeOf(table.key);
  const head: TomlEntry = { path, ...place, value: { kind, ...place } };
  return [head, ...table.body.flatMap((pair) => pairOf(pair, path))];
}

function pairOf({ key, value }: AST.TOMLKeyValue, table: readonly string[]): TomlEntry[] {
  const path = [...table, ...namesOf(key)];
  const entry: TomlEntry = { path, ...placeOf(key), value: toValue(value) };
  if (value.type !== "TOMLInlineTable") return [entry];
  return [entry, ...value.body.flatMap((pair) => pairOf(pair, path))];
}

function namesOf({ keys }: AST.TOMLKey): string[] {
  return keys.map((key) => (key.type === "TOMLBare" ? key.name : key.value));
}

function placeOf({ loc: { start } }: AST.TOMLNode): Place {
  return { line: start.line, column: start.column + 1 };
}

function toValue(node: AST.TOMLContentNode): TomlValue {
  const place = placeOf(node);
  if (node.type === "TOMLInlineTable") return { kind: "table", ...place };
  if (node.type === "TOMLArray") {
    return { kind: "array", items: node.elements.map(toValue), ...place };
  }
  switch (node.kind) {
    case "string":
      return { kind: "string", text: node.value, ...place };
    case "integer":
      return { kind: "integer", number: node.bigint, ...place };
    case "boolean":
      return { kind: "boolean", on: node.value, ...place };
    case "float":
      return { kind: "float", ...place };
    case "offset-date-time":
    case "local-date-time":
    case "local-date":
    case "local-time":
      return { kind: "date", ...place };
  }
}
