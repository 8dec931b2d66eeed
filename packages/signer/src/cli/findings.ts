import type { FindingsMode, FindingsModes } from "../domain/finding.ts";
import type { Arguments } from "./arguments.ts";
import type { SettingName } from "./settings.ts";

/** THE LIST of settings that say what warnings do, each for one way in. */
const settingOf = {
  loopback: "httpFindings",
  socket: "ipcFindings",
  qube: "qrexecFindings",
} as const satisfies Record<keyof FindingsModes, SettingName>;

type FindingsSetting = (typeof settingOf)[keyof typeof settingOf];

const names: ReadonlySet<SettingName> = new Set(Object.values(settingOf));

/** Whether a setting says what warnings do. */
export function isFindingsSetting(name: SettingName): name is FindingsSetting {
  return names.has(name);
}

/** What warnings do for callers of each way in. */
export function findingsModes(args: Arguments): FindingsModes {
  const modeOf = (channel: keyof FindingsModes) => findingsMode(settingOf[channel], args).mode;
  return { loopback: modeOf("loopback"), socket: modeOf("socket"), qube: modeOf("qube") };
}

/**
 * What holds for one way in, and which setting says so: `--advanced` speaks for all; in the file what
 * is said of one counts more than `advanced`. A qube's person is asked unless its own setting says
 * otherwise: its caller can't be told what to do about a warning.
 */
export function findingsMode(
  name: FindingsSetting,
  args: Arguments,
): { readonly mode: FindingsMode; readonly by: SettingName } {
  const isForced = args.sourceOf("advanced").from === "flag";
  const isUnsaid = name !== "qrexecFindings" && args.sourceOf(name).from === "default";
  if (args.on("advanced") && (isForced || isUnsaid)) return { mode: "show", by: "advanced" };
  return { mode: args.text(name) === "show" ? "show" : "reject", by: name };
}
