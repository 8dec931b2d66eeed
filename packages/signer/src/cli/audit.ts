import type { AuditReport } from "../daemon/audit.ts";
import type { AuditFilter } from "../daemon/audit-entry.ts";
import { asciiJson, entryText, shownText, timeText } from "../daemon/audit-text.ts";
import { openAudit } from "../daemon/open-files.ts";
import { Failure } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
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

/** `cleft audit head`: one line to keep elsewhere; `audit verify` takes its first word. */
export const auditHead: Command = {
  name: "audit head",
  usage: [["audit head", "Print the ledger's head, to be noted elsewhere"]],
  run: head,
};

async function head(args: Arguments, { print }: CommandPowers): Promise<void> {
  if (args.positional.length > 0) throw unexpected("expected no arguments");
  const { head, lastAt } = await openAudit(args.text("configdir")).verify();
  print.out(`${head.seq}:${head.hash} ${timeText(lastAt ?? "never", style(print))}`);
}

/** `cleft audit show [number | request | address]`: what happened, newest last. */
export const auditShow: Command = {
  name: "audit show",
  usage: [
    [
      "audit show [number | request | address]",
      "Show the last entries, or those of a request or account",
    ],
  ],
  run: show,
};

async function show(args: Arguments, { print }: CommandPowers): Promise<void> {
  const [word = String(limits.auditShown), ...more] = args.positional;
  if (more.length > 0) throw unexpected("expected one number, request or address");
  let found = 0;
  for await (const entry of openAudit(args.text("configdir")).entries(parseFilter(word))) {
    if (args.on("json")) for (const line of entry.lines) print.out(asciiJson(line));
    else print.out(`${found === 0 ? "" : "\n"}${entryText(entry, style(print))}`);
    found++;
  }
  if (found === 0) print.err("nothing found");
}

const style = ({ medium }: { medium: { ascii: boolean } }) => ({ ascii: medium.ascii });

const isNoted = (word: string) => /^\d+:/.test(word);

function unexpected(message: string): Failure {
  return new Failure("usage", message, { hint: "flags come before the first argument" });
}

/** A uuid may begin with digits only, so a short row of digits is a number of entries. */
function parseFilter(word: string): AuditFilter {
  if (/^[1-9]\d{0,6}$/.test(word)) return { by: "last", count: Number(word) };
  if (/^0x[0-9a-fA-F]{40}$/i.test(word)) return { by: "account", address: word.toLowerCase() };
  if (/^[0-9a-f-]{8,36}$/i.test(word)) return { by: "request", prefix: word.toLowerCase() };
  throw new Failure("usage", `expected a number, a request or an address, got "${word}"`, {
    hint: "of a request's id the first 8 characters are enough",
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
