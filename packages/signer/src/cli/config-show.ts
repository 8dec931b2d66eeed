import { basename } from "node:path";
import type { Config } from "../daemon/config.ts";
import type { Arguments } from "./arguments.ts";
import type { Command, CommandPowers } from "./command.ts";
import { ipcFolder, parseConfig } from "./config.ts";
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
  const tabled = (key: string) => (key.includes(".") ? 1 : 0);
  const entries = [...settingsByKey].sort(([one], [other]) => tabled(one) - tabled(other));
  for (const [key, name] of entries) {
    const [table, last = key] = key.includes(".") ? key.split(".") : [undefined, key];
    if (table !== open) lines.push("", `[${table}]`);
    open = table;
    const value = kinds[settings[name].kind].write(inForce(name, args, config));
    lines.push(...commented(`${last} = ${value}`, sourceText(name, args)));
  }
  return [...lines, ...qubeRulesText(config.qubes)].join("\n");
}

/** Two defaults depend on other settings. */
function inForce(name: SettingName, args: Arguments, config: Config): string {
  if (name === "chains") return config.chains.join(",");
  return name === "ipcpath" ? ipcFolder(args) : args.text(name);
}

function sourceText(name: SettingName, args: Arguments): string {
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
