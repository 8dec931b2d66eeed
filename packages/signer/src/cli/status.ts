import {
  isArray,
  isObject,
  JsonNumber,
  type JsonObject,
  type JsonValue,
} from "@cleft/protocol/json.ts";
import { askDaemon } from "../daemon/control-client.ts";
import { Failure } from "../domain/failure.ts";
import type { Arguments } from "./arguments.ts";
import type { Command, CommandPowers } from "./command.ts";

/** `cleft status`: what the running signer says of itself. Exit code 1 if none runs. */
export const showStatus: Command = {
  name: "status",
  usage: [["status", "Say what the running signer is doing"]],
  run,
};

async function run(args: Arguments, { print }: CommandPowers): Promise<void> {
  const status = await askDaemon(args.text("configdir"), { command: "status" });
  if (!isObject(status)) throw new Failure("control.failed", "cleft answered with no status");
  print.out(statusLines(status).join("\n"));
}

function statusLines(status: JsonObject): string[] {
  const text = (name: string) => textOf(status.get(name));
  const ledger = status.get("ledger");
  const unlocked = status.get("unlocked");
  const chains = status.get("chains");
  const rows: [string, string][] = [
    ["state", text("state")],
    ["process", `${text("pid")}, since ${text("since")}`],
    ["http", text("http")],
    ["ipc", text("ipc")],
    ["qrexec", text("qrexec")],
    ["chains", isArray(chains) ? chains.map(textOf).join(", ") : ""],
    ["window", text("window")],
    ["accounts", text("accounts")],
    ["waiting", `${text("waiting")} requests`],
    ...(isArray(unlocked) ? unlocked : []).map((grant): [string, string] => [
      "unlocked",
      isObject(grant) ? grantText(grant) : "",
    ]),
    ["ledger", isObject(ledger) ? ledgerText(ledger) : ""],
  ];
  return rows.map(([label, value]) => `${label.padEnd(10)}${value}`);
}

function grantText(grant: JsonObject): string {
  const text = (name: string) => textOf(grant.get(name));
  return `${text("account")} for ${text("caller")}: ${text("usesLeft")} signatures until ${text("until")}`;
}

function ledgerText(ledger: JsonObject): string {
  return `${textOf(ledger.get("records"))} records, head ${textOf(ledger.get("records"))}:${textOf(ledger.get("hash"))}`;
}

function textOf(value: JsonValue | undefined): string {
  if (typeof value === "string") return value;
  return value instanceof JsonNumber ? value.text : "";
}
