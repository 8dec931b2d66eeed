import { askDaemon } from "../daemon/control-client.ts";
import type { Command } from "./command.ts";

/** `cleft lock`: what waits is refused, no account stays unlocked, nothing is signed. */
export const lock: Command = async (args, { print }) => {
  await askDaemon(args.text("configdir"), { command: "lock" });
  print.out("Locked. Nothing is signed until: cleft unlock");
};
