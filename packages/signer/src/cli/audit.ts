import type { AuditReport } from "../daemon/audit/audit.ts";
import type { AuditFilter } from "../daemon/audit/audit-entry.ts";
import { asciiJson, entryText, shownText, timeText } from "../daemon/audit/audit-text.ts";
import { openAudit, openLabels } from "../daemon/open-files.ts";
import { Failure } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import { typedAddress } from "./account-arguments.ts";
import type { Arguments } from "./arguments.ts";
import type { Command, CommandPowers } from "./command.ts";

/** `cleft audit verify [folder] [number:hash]...`: is it all there, and as it was written? */
export const auditVerify: Command = {
  name: "audit verify",
  usage: [
    [
      "audit verify [folder] [number:hash]...",
      "Check the ledger, and that noted heads are still in it",
    ],
  ],
  run: verify,
};

async function verify(args: Arguments, { print }: CommandPowers): Promise<void> {
  const noted = args.positional.filter(isNoted);
  const [folder = args.text("configdir"), ...more] = args.positional.filter((w) => !isNoted(w));
  if (more.length > 0) throw unexpected("expected one folder, and heads as number:hash");
  const report = await openAudit(folder).verify(noted);
  print.out(reportText(report, noted.length));
}

/** `cleft audit head [folder]`: one line to keep elsewhere; `audit verify` takes its first word. */
export const auditHead: Command = {
  name: "audit head",
  usage: [["audit head [folder]", "Print the ledger's head, to be noted elsewhere"]],
  run: head,
};

async function head(args: Arguments, { print }: CommandPowers): Promise<void> {
  const [folder = args.text("configdir"), ...more] = args.positional;
  if (more.length > 0) throw unexpected("expected one folder");
  const { head, lastAt } = await openAudit(folder).verify();
  print.out(`${head.seq}:${head.hash} ${timeText(lastAt ?? "never", style(print))}`);
}

/** `cleft audit show [folder] [number | request | address]`: what happened, newest last. */
export const auditShow: Command = {
  name: "audit show",
  usage: [
    [
      "audit show [folder] [number | request | address]",
      "Show the last 10 entries or so many, or those of a request or of an account of yours",
    ],
  ],
  run: show,
};

async function show(args: Arguments, { print, log }: CommandPowers): Promise<void> {
  const [folder = args.text("configdir"), otherFolder] = args.positional.filter(isPath);
  const [word = String(limits.auditShown), ...more] = args.positional.filter((w) => !isPath(w));
  if (more.length > 0 || otherFolder !== undefined) {
    throw unexpected("expected one folder, and one number, request or address");
  }
  const filter = parseFilter(word);
  const labels = args.on("json") ? new Map() : await openLabels(folder, log).known();
  let found = 0;
  for await (const entry of openAudit(folder).entries(filter)) {
    if (args.on("json")) for (const line of entry.lines) print.out(asciiJson(line));
    else print.out(`${found === 0 ? "" : "\n"}${entryText(entry, style(print), labels)}`);
    found++;
  }
  if (found === 0) print.err("nothing found");
}

const style = ({ medium }: { medium: { ascii: boolean } }) => ({ ascii: medium.ascii });

/** What else may be asked for holds no slash. */
const isPath = (word: string) => word.includes("/") || /^\.+$/.test(word);

const isNoted = (word: string) => /^\d+:/.test(word);

function unexpected(message: string): Failure {
  return new Failure("usage", message, { hint: "flags come before the first argument" });
}

/** A uuid may begin with digits only, so a short row of digits is a number of entries. */
function parseFilter(word: string): AuditFilter {
  if (/^[1-9]\d{0,6}$/.test(word)) return { by: "last", count: Number(word) };
  const address = typedAddress(word);
  if (address !== undefined) return { by: "account", address };
  if (/^[0-9a-f-]{8,36}$/i.test(word)) return { by: "request", prefix: word.toLowerCase() };
  throw new Failure("usage", `expected a number, a request or an address, got "${word}"`, {
    hint: "of a request's id the first 8 characters are enough; a folder is typed as ./folder",
  });
}

function reportText(report: AuditReport, noted: number): string {
  const { records, head, open, tornBytes, unheaded, setBack } = report;
  const rows = [
    ["records", records === 0 ? "0" : `${records}, ${spanOf(report)}`],
    ["head", `${head.seq}:${head.hash}`],
    ["noted", noted === 0 ? "" : `${noted} noted, still in the chain`],
    ["open", open.length === 0 ? "" : openText(open)],
    [
      "torn",
      tornBytes === 0
        ? ""
        : `${tornBytes} bytes of a record that is being written, or was cut off by a crash`,
    ],
    [
      "lag",
      unheaded === 0
        ? ""
        : `${unheaded} written since the head file, which a crash can leave behind`,
    ],
    ["clock", setBack === 0 ? "" : `set back ${setBack} times`],
  ] as const;
  const lines = rows.filter(([, value]) => value !== "");
  return [
    "the ledger verifies",
    ...lines.map(([name, value]) => `  ${name.padEnd(8)} ${value}`),
  ].join("\n");
}

function spanOf({ firstAt = "", lastAt = "" }: AuditReport): string {
  const plain = { ascii: true };
  return `from ${timeText(firstAt, plain)} to ${timeText(lastAt, plain)}`;
}

function openText(open: readonly string[]): string {
  const named = open.slice(0, limits.auditOpenNamed);
  const more = open.length - named.length;
  const indent = " ".repeat(11);
  return [
    `${open.length} without outcome, under way or cut off; each counts as signed:`,
    ...named.map((request) => `${indent}${shownText(request, { ascii: true })}`),
    ...(more === 0 ? [] : [`${indent}and ${more} more`]),
  ].join("\n");
}
