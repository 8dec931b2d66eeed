import { homedir } from "node:os";
import { join } from "node:path";
import type { FindingsMode } from "../domain/finding.ts";
import { limits } from "../domain/limits.ts";

/** What a value may be. An `off-switch` is a flag whose key in cleft.toml says the contrary. */
export type Kind =
  | ("switch" | "off-switch" | "text" | "path" | "integer")
  | ("names" | "chains" | "duration" | "findings");

/** One thing that can be set. */
export interface Setting {
  readonly kind: Kind;
  /** As the flag would have it; `<configdir>` stands for that folder. */
  readonly default: string;
  readonly help: string;
  /**
   * `later`: the flag is accepted and does nothing yet. `refused`: what it asks for isn't there yet,
   * and to serve without it would be dangerous. What cleft.toml can say always has an effect.
   */
  readonly effect: "now" | "later" | "refused";
  /** Its name in cleft.toml, a table's with a dot; undefined if it can't stand there. */
  readonly key?: string;
  /** What a wrong value in cleft.toml is told, where its kind would say too much. */
  readonly expected?: string;
  /** The only commands that have it; absent for a global one. */
  readonly only?: readonly string[];
}

type Working = Setting & { readonly effect: "now" };

const flag = (kind: Kind, text: string, help: string): Working => ({
  kind,
  default: text,
  help,
  effect: "now",
});

/** One of Clef's that is accepted and does nothing yet. */
const later = (kind: Kind, text: string, help: string): Setting => ({
  ...flag(kind, text, help),
  effect: "later",
});

/** One that only some commands have. */
const ofOnly = (only: readonly string[], setting: Working): Setting => ({ ...setting, only });
const ofInstall = (setting: Working) => ofOnly(["qubes install"], setting);

/** A flag that cleft.toml can say too, under `key`. */
const keyed = (key: string, setting: Working): Setting => ({ ...setting, key });

/** THE LIST of flags: all of Clef's global ones, under its names and with its defaults. */
const flags = {
  keystore: keyed(
    "keystore",
    flag("path", join(homedir(), ".ethereum/keystore"), "directory of the key files"),
  ),
  configdir: flag("path", join(homedir(), ".clef"), "directory of the ledger and the settings"),
  config: flag("path", "<configdir>/cleft.toml", "file of settings; flags win over it"),
  chainid: keyed("chain", flag("integer", "1", "chain of a request that names none")),
  lightkdf: keyed(
    "light_kdf",
    flag("switch", "false", "weaker, cheaper encryption of new key files"),
  ),
  http: keyed("http.enabled", flag("switch", "false", "serve HTTP")),
  "http.addr": keyed("http.addr", flag("text", "localhost", "address that HTTP listens on")),
  "http.port": {
    ...keyed("http.port", flag("integer", "8550", "port that HTTP listens on")),
    expected: "a whole number from 0 to 65535",
  },
  "http.vhosts": keyed(
    "http.vhosts",
    flag("names", "localhost", "names that a Host header may have, comma-separated"),
  ),
  "stdio-ui": flag("switch", "false", "a program on stdin and stdout answers (Clef's UI API)"),
  advanced: keyed(
    "advanced",
    flag("switch", "false", "show warnings instead of rejecting by them"),
  ),
  line: flag("switch", "false", "ask line after line, without the full screen (screen readers)"),
  "approve-after": flag(
    "integer",
    "2",
    "seconds that a question is shown before a yes counts, 2 to 60",
  ),
  "suppress-bootwarn": flag("switch", "false", "start without the warning"),
  loglevel: keyed(
    "loglevel",
    flag("integer", "3", "0 nothing, 1 error, 2 warning, 3 info, 4 and 5 debug"),
  ),
  json: ofOnly(["audit show"], flag("switch", "false", "print the records as they are")),
  role: ofInstall(flag("text", "", "what this qube is: vault or client")),
  print: ofInstall(flag("switch", "false", "print every file and write none")),
  "socket-service": ofInstall(
    flag("switch", "false", "calls go to the socket at once; they can't start the signer"),
  ),
  profile: ofInstall(flag("text", "", "profile that a client calls with")),
  root: ofOnly(
    ["qubes install", "doctor"],
    flag("path", "/", "folder that stands for the system's root (packagers)"),
  ),
  help: flag("switch", "false", "show help (also -h)"),
  version: flag("switch", "false", "show the version (also -v)"),
  nousb: later("switch", "false", "no hardware wallets over USB"),
  pcscdpath: later("text", "/run/pcscd/pcscd.comm", "socket of the smartcard daemon"),
  ipcdisable: keyed("ipc.enabled", flag("off-switch", "false", "no IPC socket")),
  ipcpath: keyed("ipc.path", flag("path", "<configdir>", "folder of the IPC socket")),
  qrexec: keyed("qrexec.enabled", flag("switch", "false", "serve other qubes (Qubes OS)")),
  signersecret: later("text", "", "file of the encrypted master seed"),
  "4bytedb-custom": later("text", "./4byte-custom.json", "file of learnt selectors"),
  auditlog: keyed(
    "auditlog",
    flag("path", "<configdir>/audit.log", 'file of the readable audit log, "" for none'),
  ),
  rules: { ...later("text", "", "file of JavaScript rules"), effect: "refused" },
  "stdio-ui-test": later("switch", "false", "try out a window"),
} as const satisfies Record<string, Setting>;

/** What holds of one way in, where `advanced` speaks of all. */
const findingsOf = (listener: string, text: FindingsMode) =>
  keyed(
    `${listener}.findings`,
    flag("findings", text, "what warnings do: reject, or show and ask"),
  );

const { min, max } = limits.approvalMs;

/** THE LIST of what only cleft.toml can say. */
const fileOnly = {
  chains: keyed("chains", flag("chains", "", "chains that may be signed for")),
  delegates: keyed(
    "delegates",
    flag("names", "", "contracts whose code an account may be given (EIP-7702)"),
  ),
  permitDangerous: keyed("permit_dangerous", flag("names", "", "what is refused otherwise")),
  blobComputeMax: keyed(
    "blob_compute_max",
    flag("integer", `${limits.blobComputeMax}`, "blobs of a request whose proofs may be computed"),
  ),
  httpFindings: findingsOf("http", "reject"),
  ipcFindings: findingsOf("ipc", "reject"),
  qrexecFindings: findingsOf("qrexec", "show"),
  approvalTimeout: {
    ...keyed(
      "approval_timeout",
      flag("duration", `${limits.questionMs / 60_000}m`, "time for a person to answer"),
    ),
    expected: `a time from "${min / 1000}s" to "${max / 3_600_000}h" in quotes, such as "90s" or "5m"`,
  },
  listingTtl: {
    ...keyed(
      "listing_ttl",
      flag(
        "duration",
        `${limits.listingTtlMs / 3_600_000}h`,
        "time for which a yes to a listing is remembered",
      ),
    ),
    expected: `a time of at most "${limits.listingTtlMsMax / 3_600_000}h" in quotes, such as "8h", or "0" for none`,
  },
} as const satisfies Record<string, Setting>;

export type FlagName = keyof typeof flags;
export type SettingName = FlagName | keyof typeof fileOnly;

/** All flags. */
export const flagTable: Readonly<Record<FlagName, Setting>> = flags;

/** All flags, as help has them. */
export const flagNames = Object.keys(flags) as readonly FlagName[];

/** Those that stand before any command. */
export const globalFlags: readonly FlagName[] = flagNames.filter(
  (name) => flagTable[name].only === undefined,
);

/** All that can be set, by flags or in the file. */
export const settings: Readonly<Record<SettingName, Setting>> = { ...flags, ...fileOnly };

/** What can stand in cleft.toml, each by its key. */
export const settingsByKey: ReadonlyMap<string, SettingName> = new Map(
  Object.entries(settings).flatMap(([name, { key }]) =>
    key === undefined ? [] : [[key, name as SettingName]],
  ),
);

/** Stands for the configuration directory in a default. */
export const configDirMark = "<configdir>";

/** Whether there is such a flag. */
export function isFlagName(name: string): name is FlagName {
  return Object.hasOwn(flags, name);
}

/** Whether it is on or off, so that a flag needs no value. */
export function isSwitch({ kind }: Setting): boolean {
  return kind === "switch" || kind === "off-switch";
}

const trueWords = new Set(["1", "t", "T", "true", "TRUE", "True"]);
const falseWords = new Set(["0", "f", "F", "false", "FALSE", "False"]);

/** Whether a switch's text switches on. */
export function isTrue(text: string): boolean {
  return trueWords.has(text);
}

/** Whether a switch's text is one of Go's, which Clef takes. */
export function isSwitchWord(text: string): boolean {
  return trueWords.has(text) || falseWords.has(text);
}
