import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** A service that a qube has. */
export type Service =
  | { readonly is: "program"; readonly path: string }
  | { readonly is: "socket"; readonly path: string }
  | { readonly is: "missing" }
  | { readonly is: "unusable" };

/** What a call asks for, by the names that files can have. */
export interface ServiceName {
  /** Always with its `+`. */
  readonly full: string;
  readonly service: string;
  /** Without the `+`. */
  readonly argument: string;
}

/** A caller's bytes that no name has become `_`; undefined for what is no name at all. */
export function parseServiceName(untrusted: string): ServiceName | undefined {
  const name = Buffer.from(untrusted)
    .toString("latin1")
    .replace(/[^A-Za-z0-9_.+-]/g, "_");
  if (name === "" || name.startsWith("+")) return undefined;
  const at = name.indexOf("+");
  if (at < 0) return { full: `${name}+`, service: name, argument: "" };
  return { full: name, service: name.slice(0, at), argument: name.slice(at + 1) };
}

/** Like a service's name, but with the characters of keywords. */
export function parseTarget(untrusted: string): string {
  const name = Buffer.from(untrusted, "latin1").toString("latin1");
  return name.replace(/[^A-Za-z0-9_.+@:-]/g, "_");
}

/** Looks in every folder for the name with its argument, then for the name alone. */
export function findService(folders: readonly string[], { full, service }: ServiceName): Service {
  const path = firstOf(folders, [full, service]);
  if (path === undefined) return { is: "missing" };
  const stat = statSync(path);
  if (stat.isSocket()) return { is: "socket", path };
  const isProgram = stat.isFile() && (stat.mode & 0o111) !== 0;
  return isProgram ? { is: "program", path } : { is: "unusable" };
}

/** A symlink that leads nowhere is as if there was no file. */
function firstOf(folders: readonly string[], names: readonly string[]): string | undefined {
  const paths = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return paths.find((path) => statSync(path, { throwIfNoEntry: false }) !== undefined);
}

/** What an rpc-config file changes. */
export type Config = Readonly<Record<Switch, boolean>>;

const switches = [
  "wait-for-session",
  "skip-service-descriptor",
  "exit-on-client-eof",
  "exit-on-service-eof",
] as const;
type Switch = (typeof switches)[number];

/** Reads a service's rpc-config; undefined for one with a wrong line or one key twice. */
export function readConfig(folder: string, { full, service }: ServiceName): Config | undefined {
  const path = firstOf([folder], [full, service]);
  const lines = path === undefined ? [] : readFileSync(path, "utf8").split("\n");
  const given = new Map<string, string>();
  for (const line of lines.map((text) => text.trim())) {
    if (line === "" || line.startsWith("#")) continue;
    const [, key = "", value = ""] = /^([a-z-]+) *= *(.+)$/.exec(line) ?? [];
    const fine = switches.some((name) => name === key)
      ? /^(?:true|false|0|1)$/.test(value)
      : key === "force-user" && /^'[^']+'$/.test(value);
    if (!fine || given.has(key)) return undefined;
    given.set(key, value);
  }
  const isOn = (name: Switch) => /^(?:true|1)$/.test(given.get(name) ?? "");
  return {
    "wait-for-session": isOn("wait-for-session"),
    "skip-service-descriptor": isOn("skip-service-descriptor"),
    "exit-on-client-eof": isOn("exit-on-client-eof"),
    "exit-on-service-eof": isOn("exit-on-service-eof"),
  };
}
