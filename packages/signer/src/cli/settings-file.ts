import { dirname } from "node:path";
import { readSettingsFile } from "../daemon/open-files.ts";
import { Failure } from "../domain/failure.ts";
import type { Arguments, FileValue, SettingsFile } from "./arguments.ts";
import { nearestOf } from "./near.ts";
import { isAboutQubes, parseQubeRules, type Refuse } from "./qube-rules.ts";
import { kinds, quoted, worded } from "./setting-value.ts";
import { isFlagName, type SettingName, settings, settingsByKey } from "./settings.ts";
import { type Place, parseToml, type TomlEntry, type TomlValue } from "./toml.ts";

/**
 * Puts cleft.toml below the flags. Without `--config` it may be missing.
 * @throws Failure `usage`; `store.refused` for a link or a file that others can write
 */
export async function withSettingsFile(args: Arguments): Promise<Arguments> {
  const path = args.text("config");
  const bytes = await readSettingsFile(path);
  if (bytes !== undefined) return args.withFile(await parseSettingsFile(bytes, path));
  if (args.sourceOf("config").from === "default") return args;
  throw new Failure("usage", `open ${path}: no such file or directory`, {
    hint: "--config names the file of settings; without it flags and defaults hold",
  });
}

/** Takes the file apart. @throws Failure `usage` beginning with `path:line:column` */
export async function parseSettingsFile(bytes: Uint8Array, path: string): Promise<SettingsFile> {
  const values = new Map<SettingName, FileValue>();
  const entries = await parseToml(decoded(bytes, path), path);
  for (const entry of entries) {
    if (isTable(entry) || isAboutQubes(entry)) continue;
    const name = nameOf(entry);
    if (name === undefined) throw refusal(path, entry, ...unknown(entry));
    const { line, column } = entry.value;
    values.set(name, { text: textOf(name, entry.value, path), line, column });
  }
  const refuse: Refuse = (at, expected, hint) => {
    const got = "path" in at && at.value.kind !== "table" ? keyOf(at.path) : undefined;
    const shown = got === undefined ? worded("value" in at ? at.value : at) : quoted(got);
    throw refusal(path, at, `expected ${expected}, got ${shown}`, hint);
  };
  return { path, values, qubes: parseQubeRules(entries.filter(isAboutQubes), refuse) };
}

function decoded(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new Failure("usage", `${path}: expected UTF-8, got other bytes`, { cause });
  }
}

const keys = [...settingsByKey.keys()];
/** The tables: what stands before a dot. */
const tables = [...new Set(keys.flatMap((key) => (key.includes(".") ? key.split(".", 1) : [])))];

/** Whether an entry is the beginning of one of our tables. */
function isTable({ path, value }: TomlEntry): boolean {
  return value.kind === "table" && tables.includes(keyOf(path));
}

function nameOf({ path }: TomlEntry): SettingName | undefined {
  return settingsByKey.get(keyOf(path));
}

/** The key as we write it. A quoted name that has a dot in itself is none of ours. */
function keyOf(path: readonly string[]): string {
  return path.map((name) => (name.includes(".") ? JSON.stringify(name) : name)).join(".");
}

function unknown({ path, value }: TomlEntry): [reason: string, hint: string] {
  const key = keyOf(path);
  if (tables.includes(key)) {
    return [`expected ${key} to be a table, got ${worded(value)}`, `write [${key}]`];
  }
  return [`expected a key of cleft.toml, got ${quoted(key)}`, hintFor(key)];
}

/** What an unknown key was probably meant to be: a flag's, a near one, or one of a table. */
function hintFor(written: string): string {
  const flagKey = isFlagName(written) ? settings[written].key : undefined;
  if (isFlagName(written) && flagKey === undefined) {
    return `only a flag says this: --${written}`;
  }
  const last = written.split(".").at(-1) ?? "";
  const near = nearestOf(written, [...keys, ...tables]);
  const meant = flagKey ?? near ?? keys.find((key) => key.split(".").at(-1) === last);
  return meant === undefined ? `the keys are ${keys.join(", ")}` : `did you mean "${meant}"?`;
}

/** A value as the flag would have it. */
function textOf(name: SettingName, value: TomlValue, path: string): string {
  const { kind, key, expected = kinds[kind].expected } = settings[name];
  const wrong = (got: TomlValue) => {
    throw refusal(path, got, `expected ${key} to be ${expected}, got ${worded(got)}`);
  };
  return kinds[kind].read(value, { folder: dirname(path), wrong });
}

function refusal(path: string, { line, column }: Place, reason: string, hint?: string): Failure {
  const message = `${path}:${line}:${column}: ${reason}`;
  return new Failure("usage", message, hint === undefined ? {} : { hint });
}
