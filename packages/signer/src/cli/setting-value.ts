import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { inert } from "@cleft/protocol/inert.ts";
import { limits } from "../domain/limits.ts";
import { parseChainId } from "../domain/quantity.ts";
import { isTrue, type Kind } from "./settings.ts";
import type { TomlValue } from "./toml.ts";

/** What reading a value needs. */
export interface ReadParts {
  /** Where relative paths begin: the file's folder. */
  readonly folder: string;
  /** Refuses a value, or one of a list. */
  readonly wrong: (got: TomlValue) => never;
}

/** A kind of value: how it stands in cleft.toml, and the same as a flag's text. */
interface KindRules {
  /** What a wrong value is told. */
  readonly expected: string;
  read(value: TomlValue, parts: ReadParts): string;
  write(text: string): string;
}

/** THE LIST of kinds. `read` of what `write` wrote means the same again. */
export const kinds: Readonly<Record<Kind, KindRules>> = {
  switch: {
    expected: "true or false",
    read: (value, { wrong }) => String(value.kind === "boolean" ? value.on : wrong(value)),
    write: (text) => String(isTrue(text)),
  },
  "off-switch": {
    expected: "true or false",
    read: (value, { wrong }) => String(value.kind === "boolean" ? !value.on : wrong(value)),
    write: (text) => String(!isTrue(text)),
  },
  text: {
    expected: "a text in quotes",
    read: (value, { wrong }) => (value.kind === "string" ? value.text : wrong(value)),
    write: tomlText,
  },
  path: {
    expected: "a path in quotes",
    read: (value, { wrong, folder }) =>
      isPath(value) ? resolvePath(value.text, folder) : wrong(value),
    write: (text) => tomlText(text === "" ? "" : resolve(text)),
  },
  integer: {
    expected: "a whole number from 0 to 10^18 - 1",
    read: (value, { wrong }) => String(isCount(value) ? value.number : wrong(value)),
    write: (text) => String(BigInt(text)),
  },
  names: {
    expected: 'a list of names such as ["localhost"]',
    read: (value, { wrong }) =>
      itemsOf(value, wrong)
        .map((item) => (isName(item) ? item.text : wrong(item)))
        .join(","),
    write: (text) => `[${splitNames(text).map(tomlText).join(", ")}]`,
  },
  chains: {
    expected: `a list of at most ${limits.chainsMax} different chain ids such as [1, 10]`,
    read: (value, { wrong }) => readChains(value, wrong).join(","),
    write: (text) => `[${text.split(",").join(", ")}]`,
  },
  findings: {
    expected: '"reject" or "show"',
    read: (value, { wrong }) => (isFindingsMode(value) ? value.text : wrong(value)),
    write: tomlText,
  },
  duration: {
    expected: 'a time such as "90s", "5m", "8h" or "0"',
    read: (value, { wrong }) => (isDuration(value) ? value.text : wrong(value)),
    write: tomlText,
  },
};

/** The names of a list with commas. */
export function splitNames(text: string): string[] {
  return text
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);
}

const unitsMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

/** A time such as `90s`, in ms; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  if (text === "0") return 0;
  const [, count, unit = ""] = /^(0|[1-9]\d{0,8})([smh])$/.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * (unitsMs[unit] ?? 0);
}

/** What an error says of a value. */
export function worded(value: TomlValue): string {
  switch (value.kind) {
    case "string":
      return quoted(value.text);
    case "integer":
      return String(value.number);
    case "boolean":
      return String(value.on);
    case "array":
      return value.items.length === 0 ? "an empty list" : "a list";
    case "table":
    case "array of tables":
    case "float":
    case "date":
      return `${value.kind === "array of tables" ? "an" : "a"} ${value.kind}`;
  }
}

/** A text of the file as an error quotes it. */
export function quoted(text: string): string {
  return JSON.stringify(inert(text, { charsMax: limits.loggedCharsMax, ascii: true }));
}

type Text = TomlValue & { readonly kind: "string" };
type Integer = TomlValue & { readonly kind: "integer" };

/** The system knows no path with a zero byte. */
function isPath(value: TomlValue): value is Text {
  return value.kind === "string" && !value.text.includes("\0");
}

/** An empty path stays empty: it switches off what it names. */
function resolvePath(text: string, folder: string): string {
  if (text === "") return "";
  if (text === "~" || text.startsWith("~/")) return join(homedir(), text.slice(1));
  return resolve(folder, text);
}

/** As many digits as a flag takes. */
function isCount(value: TomlValue): value is Integer {
  return value.kind === "integer" && value.number >= 0n && value.number < 10n ** 18n;
}

function isName(value: TomlValue): value is Text {
  return value.kind === "string" && /^[^\s,]+$/.test(value.text);
}

function isDuration(value: TomlValue): value is Text {
  return value.kind === "string" && parseDuration(value.text) !== undefined;
}

function isFindingsMode(value: TomlValue): value is Text {
  return value.kind === "string" && ["reject", "show"].includes(value.text);
}

function itemsOf(value: TomlValue, wrong: ReadParts["wrong"]): readonly TomlValue[] {
  return value.kind === "array" ? value.items : wrong(value);
}

function readChains(value: TomlValue, wrong: ReadParts["wrong"]): readonly bigint[] {
  const chains: bigint[] = [];
  for (const item of itemsOf(value, wrong)) {
    const chain = item.kind === "integer" ? parseChainId(item.number) : undefined;
    chains.push(chain === undefined || chains.includes(chain) ? wrong(item) : chain);
  }
  return chains.length === 0 || chains.length > limits.chainsMax ? wrong(value) : chains;
}

/** A basic string; what could move or hide text on a screen is escaped. */
function tomlText(text: string): string {
  const escaped = JSON.stringify(text).replace(/(?! )[\p{C}\p{Z}]/gu, (char) => {
    const number = (char.codePointAt(0) ?? 0).toString(16);
    return number.length > 4 ? `\\U${number.padStart(8, "0")}` : `\\u${number.padStart(4, "0")}`;
  });
  return escaped;
}
