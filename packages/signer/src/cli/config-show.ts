import { basename } from "node:path";
import type { Config } from "../daemon/config.ts";
import type { Arguments } from "./arguments.ts";
import type { Command, CommandPowers } from "./command.ts";
import { ipcFolder, parseConfig } from "./config.ts";
import { findingsMode, isFindingsSetting } from "./findings.ts";
import { logLevelOf } from "./log-level.ts";
import { qubeRulesText } from "./qube-rules.ts";
import { kinds } from "./setting-value.ts";
import { globalFlags, type SettingName, settings, settingsByKey } from "./settings.ts";

/**
 * `cleft config show`: the settings in force as a cleft.toml that means the same, each with where
 * it comes from. What a start would refuse is refused here too.
 */
export const configShow: Command = {
  name: "config show",
  usage: [["config show", "Print the settings in force and where each comes from"]],
  // It shows what a start would have, so it takes what a start takes.
  flags: globalFlags,
  run,
};

async function run(args: Arguments, powers: CommandPowers): Promise<void> {
  powers.print.out(settingsText(args, parseConfig(args, powers)));
}

/** The settings as TOML: single keys, then tables, because a table reaches to the next one. */
export function settingsText(args: Arguments, config: Config): string {
  const lines = ["# The settings in force; saved as cleft.toml they mean the same."];
  lines.push(`# configuration directory: ${args.text("configdir")}`);
  lines.push(`# file: ${args.text("config")}${args.hasFile ? "" : " (there is none)"}`, "");
  let open: string | undefined;
  const tables = [...new Set([...settingsByKey.keys()].map(tableOf))];
  const placeOf = (key: string) => (tableOf(key) === undefined ? -1 : tables.indexOf(tableOf(key)));
  const entries = [...settingsByKey].sort(([one], [other]) => placeOf(one) - placeOf(other));
  const rows = entries.map(([key, name]) => {
    const value = kinds[settings[name].kind].write(inForce(name, args, config));
    const line = `${key.split(".").at(-1)} = ${value}`;
    return { table: tableOf(key), line, comment: `# ${sourceText(name, args)}` };
  });
  const column = commentColumn(rows);
  for (const { table, line, comment } of rows) {
    if (table !== open) lines.push("", `[${table}]`);
    open = table;
    if (line.length <= column) lines.push(`${line.padEnd(column)}  ${comment}`);
    else lines.push(`${comment}:`, ...broken(line));
  }
  return [...lines, ...qubeRulesText(config.qubes)].join("\n");
}

function tableOf(key: string): string | undefined {
  return key.includes(".") ? key.split(".")[0] : undefined;
}

/** Some depend on other settings. */
function inForce(name: SettingName, args: Arguments, config: Config): string {
  if (name === "chains") return config.chains.join(",");
  if (name === "loglevel") return String(logLevelOf(args));
  if (name === "ipcpath") return ipcFolder(args);
  return isFindingsSetting(name) ? findingsMode(name, args).mode : args.text(name);
}

function sourceText(setting: SettingName, args: Arguments): string {
  const name = isFindingsSetting(setting) ? findingsMode(setting, args).by : setting;
  const source = args.sourceOf(name);
  switch (source.from) {
    case "default":
      return "default";
    case "flag":
      return `--${name}`;
    case "file":
      return `${basename(source.path)}:${source.line}`;
  }
}

const columns = 80;

interface Row {
  readonly line: string;
  readonly comment: string;
}

/** Where all comments stand: behind the longest line of those that leave room for any of them. */
function commentColumn(rows: readonly Row[]): number {
  const room = columns - 2 - Math.max(...rows.map(({ comment }) => comment.length));
  const fitting = rows.map(({ line }) => line.length).filter((length) => length <= room);
  return Math.max(0, ...fitting);
}

/** A list of names that is too long for a line, a line a name. */
function broken(line: string): string[] {
  const [, key = "", items] = /^(\w+ = )\[(".*")\]$/.exec(line) ?? [];
  if (line.length <= columns || items === undefined) return [line];
  // A name holds no comma and no space, so this stands between two of them.
  return [`${key}[`, ...items.split(", ").map((item) => `  ${item},`), "]"];
}
