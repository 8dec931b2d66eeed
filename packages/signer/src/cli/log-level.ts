import { limits } from "../domain/limits.ts";
import type { Arguments } from "./arguments.ts";
import type { Printer } from "./print.ts";

/**
 * Sets how much is logged. Clef takes a flag beyond its levels for the last one, and so do we, but with
 * a word; the file is ours, and what it says has to be right.
 * @throws Failure `usage`
 */
export function setLogLevel(args: Arguments, print: Pick<Printer, "setLevel" | "warn">): void {
  const [said, level] = [args.integer("loglevel"), logLevelOf(args)];
  const isBeyond = said > level;
  if (isBeyond && args.sourceOf("loglevel").from === "file") {
    throw args.refusal("loglevel", `to be at most ${level}`);
  }
  print.setLevel(level);
  if (!isBeyond) return;
  const text = "There is no such log level, the last one is taken";
  print.warn(text, { loglevel: said, taken: level });
}

/** The level in force. */
export function logLevelOf(args: Arguments): number {
  const level = args.integer("loglevel");
  return level > limits.logLevelMax ? limits.logLevelMax : Number(level);
}
