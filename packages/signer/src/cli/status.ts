import { inert } from "@cleft/protocol/inert.ts";
import {
  isArray,
  isObject,
  JsonNumber,
  type JsonObject,
  type JsonValue,
} from "@cleft/protocol/json.ts";
import { askDaemon } from "../daemon/operator/control-client.ts";
import { checksummed, parseAddress } from "../domain/address.ts";
import { Failure } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import { counted, spokenCaller, spokenMoment, spokenTime } from "../domain/spoken.ts";
import type { Arguments } from "./arguments.ts";
import type { Command, CommandPowers } from "./command.ts";

/** `cleft status`: what the running signer says of itself. Exit code 1 if none runs. */
export const showStatus: Command = {
  name: "status",
  usage: [["status", "Say what the running signer is doing"]],
  run,
};

async function run(args: Arguments, { print, clock }: CommandPowers): Promise<void> {
  const status = await askDaemon(args.text("configdir"), { command: "status" });
  if (!isObject(status)) throw new Failure("control.failed", "cleft answered with no status");
  print.out(statusLines(status, clock.now()).join("\n"));
}

/** The lines that a status amounts to at a moment, ms since 1970. */
export function statusLines(status: JsonObject, nowMs: number): string[] {
  const text = (name: string) => textOf(status.get(name));
  const wayIn = (name: string) => (text(name) === "n/a" ? "off" : text(name));
  const since = text("since");
  const ledger = status.get("ledger");
  const unlocked = status.get("unlocked");
  const chains = status.get("chains");
  const rows: [string, string][] = [
    ["state", text("state") === "locked" ? "locked, until: cleft unlock" : text("state")],
    [
      "process",
      `${text("pid")}, since ${moment(since, `${spokenTime(nowMs - timeOf(since))} ago`)}`,
    ],
    ["http", wayIn("http")],
    ["ipc", wayIn("ipc")],
    ["qrexec", wayIn("qrexec")],
    ["chains", isArray(chains) ? chains.map(textOf).join(", ") : ""],
    ["window", text("window")],
    ["accounts", text("accounts")],
    ["waiting", counted(numberOf(status, "waiting"), "request")],
    ...(isArray(unlocked) ? unlocked : []).map((grant): [string, string] => [
      "unlocked",
      isObject(grant) ? grantText(grant, nowMs) : "",
    ]),
    ["ledger", isObject(ledger) ? ledgerText(ledger) : ""],
  ];
  return rows.map(([label, value]) => `${label.padEnd(indent.length)}${value}`);
}

/** Where the values stand: no label is longer. */
const indent = " ".repeat(10);

/** Two lines: one alone would not fit 80 columns. */
function grantText(grant: JsonObject, nowMs: number): string {
  const text = (name: string) => textOf(grant.get(name));
  const account = parseAddress(text("account"));
  const spelt = account === undefined ? text("account") : checksummed(account);
  const who = spokenCaller(text("caller"));
  const uses = counted(numberOf(grant, "usesLeft"), "signature");
  const until = text("until");
  const left = `${spokenTime(timeOf(until) - nowMs)} left`;
  return `${spelt} for ${who}\n${indent}${uses} until ${moment(until, left)}`;
}

function ledgerText(ledger: JsonObject): string {
  const records = numberOf(ledger, "records");
  return `${counted(records, "record")}, head ${records}:${textOf(ledger.get("hash"))}`;
}

/** As `audit show` has it, and how far away it is: nobody has to know how far they are from UTC. */
function moment(iso: string, distance: string): string {
  return `${spokenMoment(iso)} (${distance})`;
}

/** @throws Failure `control.failed` */
function timeOf(iso: string): number {
  return known(Date.parse(iso));
}

/** @throws Failure `control.failed` */
function numberOf(fields: JsonObject, name: string): number {
  return known(Number(textOf(fields.get(name)) || Number.NaN));
}

function known(value: number): number {
  if (!Number.isNaN(value)) return value;
  throw new Failure("control.failed", "cleft answered with a status that can't be read");
}

function textOf(value: JsonValue | undefined): string {
  if (typeof value === "string")
    return inert(value, { charsMax: limits.pathCharsMax, ascii: false });
  return value instanceof JsonNumber ? value.text : "";
}
