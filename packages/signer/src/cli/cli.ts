import { Failure, isSystemError, messageOf } from "../domain/failure.ts";
import { accountHelp } from "./account.ts";
import { accountExport } from "./account-export.ts";
import { accountImport } from "./account-import.ts";
import { accountLabel } from "./account-label.ts";
import { accountPasswd } from "./account-passwd.ts";
import { accountShow } from "./account-show.ts";
import type { Arguments } from "./arguments.ts";
import { auditHead, auditShow, auditVerify } from "./audit.ts";
import type { Command, CommandPowers } from "./command.ts";
import { configShow } from "./config-show.ts";
import { help, showVersion } from "./help.ts";
import { importRaw } from "./importraw.ts";
import { listAccounts, listWallets } from "./list-accounts.ts";
import { lock } from "./lock.ts";
import { newAccount } from "./newaccount.ts";
import { parseArguments } from "./parse-arguments.ts";
import type { Printer } from "./print.ts";
import { run } from "./run.ts";
import { withSettingsFile } from "./settings-file.ts";
import { showStatus } from "./status.ts";
import { unlock } from "./unlock.ts";

/** THE LIST of commands. */
const commands = {
  help,
  newaccount: newAccount,
  importraw: importRaw,
  "list-accounts": listAccounts,
  "list-wallets": listWallets,
  account: accountHelp,
  "account help": accountHelp,
  "account show": accountShow,
  "account label": accountLabel,
  "account passwd": accountPasswd,
  "account export": accountExport,
  "account import": accountImport,
  status: showStatus,
  lock,
  unlock,
  "config show": configShow,
  "audit verify": auditVerify,
  "audit show": auditShow,
  "audit head": auditHead,
} as const;

/** Commands that no settings file may get in the way of. */
const fileless: ReadonlySet<Command> = new Set([help, showVersion]);

/** Commands of Clef that are still missing. */
const later = new Set(["init", "attest", "setpw", "delpw", "gendoc"]);

/** Runs a command line and returns the exit code: 0 done, 1 refused or failed. */
export async function cli(argv: readonly string[], powers: CommandPowers): Promise<0 | 1> {
  const { print } = powers;
  try {
    const flags = parseArguments(argv);
    const command = commandOf(flags);
    const args = fileless.has(command) ? flags : await withSettingsFile(flags);
    print.setLevel(Number(args.integer("loglevel")));
    await command(args, powers);
    return 0;
  } catch (error) {
    if (!(error instanceof Failure)) return systemFailure(error, print);
    print.err(isUsage(error) ? error.message : `Fatal: ${error.message}`);
    if (error.hint !== undefined) print.err(`hint: ${error.hint}`);
    return 1;
  }
}

/** What the system refuses while starting is no bug: a folder that isn't ours, a full disk. */
function systemFailure(error: unknown, print: Printer): 1 {
  if (!isSystemError(error)) throw error;
  print.err(`Fatal: ${messageOf(error)}`);
  return 1;
}

function commandOf(args: Arguments): Command {
  const { command } = args;
  if (args.on("version")) return showVersion;
  if (args.on("help") && command?.startsWith("account") === true) return accountHelp;
  if (args.on("help") || command === "h") return help;
  if (command === undefined) return run;
  if (Object.hasOwn(commands, command)) return commands[command as keyof typeof commands];
  if (command === "audit") {
    throw new Failure("usage", "expected one of: audit verify, audit show, audit head");
  }
  if (later.has(command)) {
    throw new Failure("usage", `the command ${command} is not implemented yet`);
  }
  throw new Failure("usage", `invalid command: ${JSON.stringify(command)}`, {
    hint: command.startsWith("account ") ? "cleft account help" : "cleft help lists all commands",
  });
}

/** Clef's texts for what was typed wrong stand alone; the rest is `Fatal:`. */
function isUsage({ code }: Failure): boolean {
  return code === "usage" || code === "aborted" || code.startsWith("password.");
}
