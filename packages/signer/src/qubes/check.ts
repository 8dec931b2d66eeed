import type { Finding } from "@cleft/protocol/doctor.ts";

/** What is there, as the checks see it. Paths are the machine's own. */
export interface System {
  /** What lies at a path, links not followed. */
  status(path: string): Promise<FileStatus | undefined>;
  /** What lies there in the end, all links followed; undefined if they lead nowhere. */
  target(path: string): Promise<FileStatus | undefined>;
  /** A text file, all links followed; undefined if there is none. */
  read(path: string): Promise<FileText | undefined>;
  /** The names in a folder; none if there is no folder. */
  list(path: string): Promise<readonly string[]>;
  /** Whether somebody listens at a socket. */
  listens(path: string): Promise<boolean>;
  /** What the running signer says of itself; undefined if none runs. */
  signer(): Promise<RunningSigner | undefined>;
  /** The names of the network interfaces. */
  interfaces(): Promise<readonly string[]>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface FileStatus {
  readonly kind: "file" | "folder" | "socket" | "link" | "other";
  readonly mode: number;
  /** Where a link leads. */
  readonly to?: string;
}

/** What a signer says of itself, or why it can't be asked. */
export type RunningSigner =
  | { readonly state: string; readonly qrexec: string }
  | { readonly silent: string; readonly hint: string };

/** What stands in a file, or why that can't be said: nobody may take it for empty. */
export type FileText = { readonly text: string } | { readonly unreadable: string };

/** Where the checks look. */
export interface VaultSetup {
  readonly services: readonly { readonly name: string; readonly path: string }[];
  /** Folders that dom0's call looks into for a service: those before ours, and all. */
  readonly rpc: { readonly earlier: readonly string[]; readonly all: readonly string[] };
  /** Folders of settings for a service. */
  readonly rpcConfig: readonly string[];
  readonly start: string;
  readonly autostart: string;
  readonly configDir: string;
  /** How `cleft` is called here, for a shell: what is to be done names it so. */
  readonly cleft: string;
}

/** One check: looks, and changes nothing. */
export type Check = (system: System, setup: VaultSetup) => Promise<Finding | readonly Finding[]>;

/** Runs checks one after the other, so that the lines always come in the same order. */
export async function examine(
  checks: readonly Check[],
  system: System,
  setup: VaultSetup,
): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  for (const check of checks) found.push(...[await check(system, setup)].flat());
  return found;
}

/** What installs the vault's files, or installs them again. */
export function installAgain({ cleft }: VaultSetup): string {
  return `${cleft} qubes install --role vault`;
}
