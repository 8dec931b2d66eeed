import { existsSync } from "node:fs";
import type { Printer } from "./print.ts";

/** Says that a keystore isn't there: with a slip in its name it looks like one without accounts. */
export function warnIfAbsent(keystore: string, print: Pick<Printer, "warn">): void {
  if (existsSync(keystore)) return;
  print.warn("There is no such keystore folder; newaccount makes it", { keystore });
}
