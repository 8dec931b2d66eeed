import { isObject } from "@cleft/protocol/json.ts";
import { askDaemon } from "../daemon/operator/control-client.ts";
import { checksummed } from "../domain/address.ts";
import { checkCount, parseTypedAddress } from "./account-arguments.ts";
import type { Arguments } from "./arguments.ts";
import type { Command, CommandPowers } from "./command.ts";

/**
 * `cleft lock`: what waits is refused, no account stays unlocked, nothing is signed. With an address
 * it ends what `cleft unlock <address>` began, and the signer goes on serving.
 */
export const lock: Command = {
  name: "lock",
  usage: [
    ["lock", "Lock it: what waits is refused, nothing is signed"],
    ["lock <address>", "End the unlocking of one account"],
  ],
  run,
};

async function run(args: Arguments, { print }: CommandPowers): Promise<void> {
  checkCount(args.positional, { max: 1 }, lock);
  const [typed] = args.positional;
  const configDir = args.text("configdir");
  if (typed === undefined) {
    await askDaemon(configDir, { command: "lock" });
    return print.out("Locked. Nothing is signed until: cleft unlock");
  }
  const account = parseTypedAddress(typed, lock);
  const reply = await askDaemon(configDir, { command: "lock-account", account });
  const hasChanged = isObject(reply) && reply.get("changed") === true;
  const said = hasChanged
    ? "is locked again: each signature needs its password. The signer goes on serving"
    : "was not unlocked: each signature needs its password anyway";
  print.out(`${checksummed(account)} ${said}.`);
}
