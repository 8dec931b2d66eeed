import { accountExport } from "./account-export.ts";
import { accountImport } from "./account-import.ts";
import { accountLabel } from "./account-label.ts";
import { accountPasswd } from "./account-passwd.ts";
import { accountShow } from "./account-show.ts";
import type { Arguments } from "./arguments.ts";
import { auditHead, auditShow, auditVerify } from "./audit.ts";
import type { Command } from "./command.ts";
import { configShow } from "./config-show.ts";
import { doctor } from "./doctor.ts";
import { accountHelpText, commandHelpText, helpText } from "./help.ts";
import { importRaw } from "./importraw.ts";
import { listAccounts, listWallets } from "./list-accounts.ts";
import { lock } from "./lock.ts";
import { newAccount } from "./newaccount.ts";
import { qubesInstall } from "./qubes-install.ts";
import { run } from "./run.ts";
import { showStatus } from "./status.ts";
import { familiesOf, laterText, unknownCommand } from "./unknown-command.ts";
import { unlock } from "./unlock.ts";
import { version } from "./version.ts";

/** `cleft account`, which says how accounts are changed. */
export const accountHelp: Command = {
  name: "account",
  usage: [["account", "Show, name, back up and change accounts"]],
  run: async (_args, { print }) => print.out(accountHelpText(ofAccount)),
};

/** `cleft help`, `cleft help newaccount`, `cleft newaccount --help`, `cleft account help show` */
export const help: Command = {
  name: "help",
  usage: [["help [command]", "Show this, or what one command takes"]],
  run: async (args, { print }) => print.out(helpOn(topicOf(args))),
};

function topicOf({ command = "", positional }: Arguments): string {
  const asked = command === "help" || command === "h" || command === "account help";
  const words = [...command.split(" "), ...(asked ? positional : [])];
  return words.filter((word) => !["", "help", "h"].includes(word)).join(" ");
}

/** @throws Failure `usage` */
function helpOn(topic: string): string {
  if (topic === "") return helpText(listed);
  if (topic === accountHelp.name) return accountHelpText(ofAccount);
  const isIn = ({ name }: Command) => name === topic || name.startsWith(`${topic} `);
  const found = [...commands.values()].filter(isIn);
  if (found.length > 0) return commandHelpText(found);
  const later = laterText(topic);
  if (later === undefined) throw unknownCommand(topic, [...commands.keys()]);
  return later;
}

/** `cleft --version` */
export const showVersion: Command = {
  name: "version",
  usage: [["--version", "show the version"]],
  run: async (_args, { print }) => print.out(`Cleft version ${version}`),
};

/** THE LIST of commands, as help has them. */
const listed: readonly Command[] = [
  newAccount,
  importRaw,
  listAccounts,
  listWallets,
  accountHelp,
  showStatus,
  lock,
  unlock,
  configShow,
  auditVerify,
  auditShow,
  auditHead,
  qubesInstall,
  doctor,
  help,
  run,
];

/** Those that `cleft account help` has. */
const ofAccount: readonly Command[] = [
  accountShow,
  accountLabel,
  accountPasswd,
  accountExport,
  accountImport,
];

/** All commands that have a name, by it. */
export const commands: ReadonlyMap<string, Command> = new Map(
  [...listed, ...ofAccount].flatMap((command) =>
    command === run ? [] : [[command.name, command] as const],
  ),
);

/** The first words of commands of two, e.g. `audit verify`. */
export const families = familiesOf(commands.keys());
