import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { isProfile } from "@cleft/protocol/descriptor.ts";
import type { InstalledFile } from "../qubes/installed-file.ts";
import { planClient, planVault, type Templates, templateNames } from "../qubes/plan.ts";
import { writeInstalled } from "../qubes/write-file.ts";
import { checkCount, misused } from "./account-arguments.ts";
import type { Arguments } from "./arguments.ts";
import type { Command, CommandPowers, Machine } from "./command.ts";
import { nextSteps, printedFile, sudoLine, writtenLine } from "./qubes-text.ts";

/**
 * `cleft qubes install`: writes what this qube needs to be called, or to call. Each user writes what
 * is his: the services are root's, for which the line of sudo is said; `--root` takes all.
 */
export const qubesInstall: Command = {
  name: "qubes install",
  usage: [
    [
      "qubes install --role vault|client [--print]",
      "Write the files that a Qubes vault, or a qube that asks, needs",
    ],
  ],
  flags: ["keystore"],
  run,
};

async function run(args: Arguments, powers: CommandPowers): Promise<void> {
  const { print, machine } = powers;
  checkCount(args.positional, { max: 0 }, qubesInstall);
  const role = parseRole(args);
  const profile = parseProfile(args, role);
  const files = await plan(args, machine, role, profile);
  if (args.on("print")) return print.out(files.map(printedFile).join("\n\n"));
  const root = resolve(args.text("root"));
  const isWhole = args.sourceOf("root").from === "flag";
  const mine = isWhole ? files : files.filter(({ owner }) => (owner === "root") === machine.isRoot);
  checkOwner(args, { isWhole, mine, machine });
  for (const file of mine) {
    const placed = { ...file, path: join(root, file.path) };
    print.out(writtenLine(placed, await writeInstalled(placed)));
  }
  const needsRoot = !machine.isRoot && !isWhole && files.length > mine.length;
  const sudo = needsRoot ? sudoLine(machine, argumentsAgain(args)) : undefined;
  print.out(nextSteps({ role, profile, machine, sudo }));
}

export type Role = "vault" | "client";

function parseRole(args: Arguments): Role {
  const role = args.text("role");
  if (role === "vault" || role === "client") return role;
  throw misused(
    qubesInstall,
    `expected --role vault or --role client, got ${JSON.stringify(role)}`,
  );
}

function parseProfile(args: Arguments, role: Role): string {
  const profile = args.text("profile");
  const way = args.on("socket-service") ? "--socket-service" : undefined;
  if (role === "client" && way) throw misused(qubesInstall, `${way} is for --role vault`);
  if (role === "vault" && profile) throw misused(qubesInstall, "--profile is for --role client");
  if (profile === "" || isProfile(profile)) return profile;
  throw args.refusal("profile", "to have at most 32 of a-z, 0-9, dot and dash");
}

async function plan(
  args: Arguments,
  { home, program }: Machine,
  role: Role,
  profile: string,
): Promise<readonly InstalledFile[]> {
  const templates = await readTemplates(program.templates);
  const { node, cleft, service, dispatchers } = program;
  if (role === "client") {
    const dispatcher = dispatchers.find(existsSync) ?? dispatchers[0];
    return planClient(templates, { home, node, dispatcher, profile });
  }
  return planVault(templates, {
    ...{ home, node, cleft, service },
    configDir: resolve(args.text("configdir")),
    keystore: isGiven(args, "keystore") ? resolve(args.text("keystore")) : undefined,
    way: args.on("socket-service") ? "socket" : "exec",
  });
}

async function readTemplates(folder: string): Promise<Templates> {
  const [service, start, autostart, unit] = templateNames;
  const text = (name: string) => readFile(join(folder, name), "utf8");
  return {
    [service]: await text(service),
    [start]: await text(start),
    [autostart]: await text(autostart),
    [unit]: await text(unit),
  };
}

/** Root has no vault and no session of its own, so it has to be told whose. */
function checkOwner(
  args: Arguments,
  { isWhole, mine, machine }: { isWhole: boolean; mine: readonly unknown[]; machine: Machine },
): void {
  if (isWhole || !machine.isRoot) return;
  const hint = "run it as the user of this qube; it says what root has to do";
  if (mine.length === 0) throw misused(qubesInstall, "nothing of this is root's");
  if (!isGiven(args, "configdir")) throw args.refusal("configdir", "to be said to root", hint);
}

/** The same command line for root, for whom no path may begin at another home. */
function argumentsAgain(args: Arguments): readonly string[] {
  const keys = isGiven(args, "keystore") ? ["--keystore", resolve(args.text("keystore"))] : [];
  const way = args.on("socket-service") ? ["--socket-service"] : [];
  const folder = ["--configdir", resolve(args.text("configdir"))];
  return [...folder, ...keys, "qubes", "install", "--role", "vault", ...way];
}

function isGiven(args: Arguments, name: "configdir" | "keystore"): boolean {
  return args.sourceOf(name).from === "flag";
}
