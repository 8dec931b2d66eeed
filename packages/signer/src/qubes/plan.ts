import { join } from "node:path";
import { qrexecServices } from "@cleft/protocol/descriptor.ts";
import {
  autostartFile,
  dispatcherUnit,
  type InstalledFile,
  mark,
  qrexecFile,
  serviceFolder,
  startPath,
} from "./installed-file.ts";
import { fill, shellWord, unitWord } from "./quoting.ts";

/** THE LIST of templates, as they are called in deploy/qubes. */
export const templateNames = [
  "qubes.Clefsign",
  "cleft-vault-start",
  "cleft-vault.desktop",
  "cleft-dispatcher.service",
] as const;

/** Their texts. */
export type Templates = Readonly<Record<(typeof templateNames)[number], string>>;

/** What the files of the vault name. Paths are absolute. */
export interface VaultPlaces {
  readonly home: string;
  readonly node: string;
  /** The program `cleft`, and the one that a call runs. */
  readonly cleft: string;
  readonly service: string;
  readonly configDir: string;
  /** The folder of keys, unless it is the usual one. */
  readonly keystore: string | undefined;
  /** How a call reaches the signer: by a process that can start it, or at once. */
  readonly way: "exec" | "socket";
}

/** What the vault gets: both services, what opens the window, and what does so at a session's start. */
export function planVault(templates: Templates, places: VaultPlaces): readonly InstalledFile[] {
  return [
    ...qrexecServices.map((name) => serviceFile(name, templates, places)),
    file(startPath, "root", 0o755, startText(templates, places)),
    file(
      join(places.home, autostartFile),
      "user",
      0o644,
      fill(templates["cleft-vault.desktop"], { MARK: mark, START: startPath }),
    ),
  ];
}

/** What a qube gets that asks. */
export interface ClientPlaces {
  readonly home: string;
  readonly node: string;
  readonly dispatcher: string;
  /** The profile that it calls with, or empty. */
  readonly profile: string;
}

/** What a qube gets that asks: the unit that runs the dispatcher. */
export function planClient(templates: Templates, places: ClientPlaces): readonly InstalledFile[] {
  const { home, node, dispatcher, profile } = places;
  const text = fill(templates["cleft-dispatcher.service"], {
    MARK: mark,
    NODE: unitWord(node),
    DISPATCHER: unitWord(dispatcher),
    TARGET: unitWord(profile === "" ? "@default" : `@default+${profile}`),
  });
  return [file(join(home, dispatcherUnit), "user", 0o644, text)];
}

function serviceFile(name: string, templates: Templates, places: VaultPlaces): InstalledFile {
  const path = join(serviceFolder, name);
  const socket = join(places.configDir, qrexecFile);
  if (places.way === "socket") {
    return { path, owner: "root", content: { kind: "link", to: socket } };
  }
  const text = fill(templates["qubes.Clefsign"], {
    MARK: mark,
    NODE: shellWord(places.node),
    SERVICE: shellWord(places.service),
    SOCKET: shellWord(socket),
    START: shellWord(startPath),
  });
  return file(path, "root", 0o755, text);
}

function startText(templates: Templates, places: VaultPlaces): string {
  const { node, cleft, configDir, keystore } = places;
  const keys = keystore === undefined ? [] : ["--keystore", keystore];
  return fill(templates["cleft-vault-start"], {
    MARK: mark,
    NODE: shellWord(node),
    CLEFT: shellWord(cleft),
    FOLDERS: ["--configdir", configDir, ...keys].map(shellWord).join(" "),
  });
}

function file(
  path: string,
  owner: InstalledFile["owner"],
  mode: number,
  text: string,
): InstalledFile {
  return { path, owner, content: { kind: "text", text, mode } };
}
