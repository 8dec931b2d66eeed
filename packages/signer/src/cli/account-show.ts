import { inert } from "@cleft/protocol/inert.ts";
import { openKeys } from "../daemon/open-keys.ts";
import type { KeyFacts } from "../daemon/operator/key-facts.ts";
import { labelBook } from "../daemon/request/label-book.ts";
import { noKeyFor } from "../domain/account.ts";
import { checksummed } from "../domain/address.ts";
import { limits } from "../domain/limits.ts";
import { checkCount, parseTypedAddress } from "./account-arguments.ts";
import type { Arguments } from "./arguments.ts";
import type { Command, CommandPowers } from "./command.ts";
import { keysConfig } from "./config.ts";
import { warnIfAbsent } from "./keystore-folder.ts";

/** `cleft account show [address]` */
export const accountShow: Command = {
  name: "account show",
  usage: [["account show [address]", "what is known of an account, or of all of them"]],
  flags: ["keystore"],
  run,
};

async function run(args: Arguments, powers: CommandPowers): Promise<void> {
  checkCount(args.positional, { max: 1 }, accountShow);
  const [typed] = args.positional;
  const account = typed === undefined ? "all" : parseTypedAddress(typed, accountShow);
  const keys = openKeys(keysConfig(args), powers);
  try {
    warnIfAbsent(keysConfig(args).keystore, powers.print);
    const all = await keys.describe();
    const asked = all.filter(({ address }) => account === "all" || address === account);
    if (asked.length === 0 && account !== "all") throw noKeyFor(account);
    const labels = await labelBook(keys.labels, powers.log).known();
    const shown = asked.map((facts) => textOf(facts, labels.get(facts.address)));
    powers.print.out(shown.length === 0 ? "The keystore is empty." : shown.join("\n\n"));
  } finally {
    await keys.close();
  }
}

function textOf(facts: KeyFacts, label: string | undefined): string {
  const { address, path, encryption, created, warnings } = facts;
  const lines = [
    ["label", label ?? "none"],
    ["file", inert(path, { charsMax: limits.pathCharsMax, ascii: false })],
    ["key", encryption],
    ["created", created ?? "unknown: the file's name doesn't tell"],
    ...warnings.map((text) => ["warning", text]),
  ];
  const rows = lines.map(([name = "", text = ""]) => `   ${name.padEnd(8)} ${text}`);
  return [checksummed(address), ...rows].join("\n");
}
