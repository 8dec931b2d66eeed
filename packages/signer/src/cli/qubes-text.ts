import { join } from "node:path";
import { isQubeName } from "@cleft/protocol/descriptor.ts";
import { type InstalledFile, startPath } from "../qubes/installed-file.ts";
import { shellWord } from "../qubes/quoting.ts";
import type { Written } from "../qubes/write-file.ts";
import type { Machine } from "./command.ts";

/** A file as `--print` shows it. */
export function printedFile({ path, owner, content }: InstalledFile): string {
  if (content.kind === "link") return `# ${path} -> ${content.to} (${owner})`;
  return `# ${path} (${owner}, mode ${content.mode.toString(8)})\n${content.text.trimEnd()}`;
}

/** What became of a file, in a line. */
export function writtenLine({ path, content }: InstalledFile, written: Written): string {
  const kind = content.kind === "link" ? `-> ${content.to}` : `mode ${content.mode.toString(8)}`;
  if (written.what !== "kept") return `${written.what.padEnd(9)} ${path} (${kind})`;
  return `written   ${path} (${kind}); what was there is now ${written.copy}`;
}

/** How root does its part: by full paths, because sudo has a PATH of its own. */
export function sudoLine({ program }: Machine, args: readonly string[]): string {
  return ["sudo", program.node, program.cleft, ...args].map(shellWord).join(" ");
}

/** What is left to do, by whom, with the commands. */
export function nextSteps({
  role,
  profile,
  machine,
  sudo,
}: {
  readonly role: "vault" | "client";
  readonly profile: string;
  readonly machine: Machine;
  readonly sudo: string | undefined;
}): string {
  const name = isQubeName(machine.name) ? machine.name : undefined;
  const here = role === "vault" ? vaultSteps(machine, sudo) : clientSteps;
  const dom0 = dom0Steps({
    vault: (role === "vault" ? name : undefined) ?? "vault",
    client: (role === "client" ? name : undefined) ?? "work",
    argument: profile === "" ? "*" : `+${profile}`,
  });
  const more = `(More choices, explained: ${join(machine.program.templates, "30-cleft.policy")})`;
  return [...here, ...dom0, more].join("\n");
}

function vaultSteps({ program }: Machine, sudo: string | undefined): readonly string[] {
  const root = sudo === undefined ? [] : ["\nNext, because the services are root's:", `  ${sudo}`];
  return [
    ...root,
    "\nThen look whether all is well:",
    `  ${shellWord(program.cleft)} doctor`,
    "\nThe signer isn't started yet. The next start of this qube does it, or now:",
    `  ${startPath}`,
  ];
}

const clientSteps = [
  "\nNext, in this qube:",
  "  systemctl --user daemon-reload",
  "  systemctl --user enable --now cleft-dispatcher",
];

/** The editor checks what it saves: one bad line would stop all calls of the system. */
function dom0Steps(names: { vault: string; client: string; argument: string }): readonly string[] {
  const { vault, client, argument } = names;
  const lines = ["qubes.Clefsign", "qubes.EthSign"].flatMap((service) => [
    [service, argument, client, "@default", `allow target=${vault}`],
    [service, "*", "@anyvm", "@anyvm", "deny notify=no"],
  ]);
  const widths = [0, 1, 2, 3].map((at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  const columns = lines.map((line) => line.map((word, at) => word.padEnd(widths[at] ?? 0)));
  return [
    `\nThen in dom0, where "${vault}" is the qube that signs and "${client}" one that asks:`,
    "  sudo qubes-policy-editor 30-cleft",
    "and these lines:",
    ...columns.map((line) => `  ${line.join("  ")}`),
  ];
}
