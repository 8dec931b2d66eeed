import { Failure } from "../domain/failure.ts";
import { doctor } from "./doctor.ts";
import { type Arguments, parseArguments, usage } from "./flags.ts";
import { helpText } from "./help.ts";
import type { Powers } from "./powers.ts";
import { run } from "./run.ts";
import { version } from "./version.ts";

/** Runs a command line and returns the exit code: 0 done, 1 refused, failed or a fault found. */
export async function cli(argv: readonly string[], powers: Powers): Promise<0 | 1> {
  try {
    return await command(parseArguments(argv), powers);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { code, message, hint } = error;
    powers.print.error(message, code === "usage" ? `${powers.program} help` : hint);
    return 1;
  }
}

async function command(args: Arguments, powers: Powers): Promise<0 | 1> {
  const { print } = powers;
  if (args.has("version")) print.out(`cleft-dispatcher version ${version}`);
  else if (args.has("help") || args.command === "help") print.out(helpText());
  else if (args.command === "doctor") return doctor(args, powers);
  else if (args.command === undefined) await run(args, powers);
  else throw usage(`there is no command ${JSON.stringify(args.command)}`);
  return 0;
}
