import { aborted } from "../domain/aborting.ts";
import { Failure, isSystemError, messageOf } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import type { Arguments } from "./arguments.ts";
import { auditHead, auditShow, auditVerify } from "./audit.ts";
import type { Command, CommandPowers } from "./command.ts";
import { accountHelp, commands, help, showVersion } from "./commands.ts";
import { lock } from "./lock.ts";
import { setLogLevel } from "./log-level.ts";
import { parseArguments } from "./parse-arguments.ts";
import type { Printer } from "./print.ts";
import { qubesInstall } from "./qubes-install.ts";
import { run } from "./run.ts";
import { withSettingsFile } from "./settings-file.ts";
import { showStatus } from "./status.ts";
import { unknownCommand } from "./unknown-command.ts";
import { unlock } from "./unlock.ts";

/**
 * Commands that no settings file may get in the way of: what they need, flags say. A signer is locked
 * whatever somebody is writing into the file for its next start.
 */
const fileless: ReadonlySet<Command> = new Set([
  ...[help, accountHelp, showVersion, qubesInstall],
  ...[lock, unlock, showStatus, auditVerify, auditShow, auditHead],
]);

/** Runs a command line and returns the exit code: 0 done, 1 refused or failed. */
export async function cli(argv: readonly string[], powers: CommandPowers): Promise<0 | 1> {
  const { print } = powers;
  try {
    const flags = parseArguments(argv);
    const command = commandOf(flags);
    const args = fileless.has(command) ? flags : await withSettingsFile(flags);
    setLogLevel(args, print);
    const work = command.run(args, powers);
    await (command === run ? work : unlessStopped(work, powers));
    await print.flushed();
    return 0;
  } catch (error) {
    if (!(error instanceof Failure)) return systemFailure(error, print);
    print.err(isUsage(error) ? error.message : `Fatal: ${error.message}`);
    if (error.hint !== undefined) print.err(`hint: ${error.hint}`);
    return 1;
  }
}

/** A command has a moment to end well once it is interrupted; then what it waits for doesn't count. */
async function unlessStopped(work: Promise<void>, { stop, clock }: CommandPowers): Promise<void> {
  const late = aborted(stop).then(
    () => new Promise<never>((_, reject) => clock.after(limits.drainMs, () => reject(stop.reason))),
  );
  await Promise.race([work, late]);
}

/** What the system refuses while starting is no bug: a folder that isn't ours, a full disk. */
function systemFailure(error: unknown, print: Printer): 1 {
  if (!isSystemError(error)) throw error;
  print.err(`Fatal: ${messageOf(error)}`);
  return 1;
}

/** @throws Failure `usage` */
function commandOf(args: Arguments): Command {
  const { command: name } = args;
  if (args.on("version")) return showVersion;
  if (args.on("help") || name === "h" || name === "account help") return help;
  if (name === undefined) return run;
  const command = commands.get(name);
  if (command === undefined) throw unknownCommand(name, [...commands.keys()]);
  return command;
}

/** Clef's texts for what was typed wrong stand alone; the rest is `Fatal:`. */
function isUsage({ code }: Failure): boolean {
  return (
    code === "usage" || code === "aborted" || code === "setup.wrong" || code.startsWith("password.")
  );
}
