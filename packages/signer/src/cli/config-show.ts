import { basename } from "node:path";
import type { Config } from "../daemon/config.ts";
import type { Arguments } from "./arguments.ts";
import type { Command, CommandPowers } from "./command.ts";
import { ipcFolder, parseConfig } from "./config.ts";
import { findingsMode, isFindingsSetting } from "./findings.ts";
import { logLevelOf } from "./log-level.ts";
import { qubeRulesText } from "./qube-rules.ts";
import { kinds } from "./setting-value.ts";
import { type SettingName, settings, settingsByKey } from "./settings.ts";

/**
 * `cleft config show`: the settings in force as a cleft.toml that means the same, each with where
 * it comes from. What a start would refuse is refused here too.
 */
export const configShow: Command = {
  name: "config show",
  usage: [["config show", "Print the settings in force and where each comes from"]],
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
  for (const [key, name] of entries) {
    const [table, last] = [tableOf(key), key.split(".").at(-1)];
    if (table !== open) lines.push("", `[${table}]`);
    open = table;
    const value = kinds[settings[name].kind].write(inForce(name, args, config));
    lines.push(...commented(`${last} = ${value}`, sourceText(name, args)));
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
const commentColumn = 40;

/** A line with its comment, above it if it doesn't fit. */
function commented(line: string, comment: string): string[] {
  const joined = `${line.padEnd(commentColumn)}  # ${comment}`;
  return joined.length <= columns ? [joined] : [`# ${comment}:`, line];
}
