import { askDaemon } from "../daemon/control-client.ts";
import type { Arguments } from "./arguments.ts";
import type { Command, CommandPowers } from "./command.ts";

/** `cleft lock`: what waits is refused, no account stays unlocked, nothing is signed. */
export const lock: Command = {
  name: "lock",
  usage: [["lock", "Lock it: what waits is refused, nothing is signed"]],
  run,
};

async function run(args: Arguments, { print }: CommandPowers): Promise<void> {
  await askDaemon(args.text("configdir"), { command: "lock" });
  print.out("Locked. Nothing is signed until: cleft unlock");
}
