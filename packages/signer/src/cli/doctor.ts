import { resolve } from "node:path";
import { findingLines, verdictOn } from "@cleft/protocol/doctor.ts";
import { isObject } from "@cleft/protocol/json.ts";
import { reasonOf } from "@cleft/protocol/system-reason.ts";
import { askDaemon } from "../daemon/operator/control-client.ts";
import { Failure } from "../domain/failure.ts";
import { examine, type System } from "../qubes/check.ts";
import { shellWord } from "../qubes/quoting.ts";
import { systemOf } from "../qubes/system.ts";
import { vaultChecks, vaultSetup } from "../qubes/vault-checks.ts";
import { checkCount } from "./account-arguments.ts";
import type { Arguments } from "./arguments.ts";
import type { Command, CommandPowers } from "./command.ts";

/** `cleft doctor`: whether a Qubes vault is set up rightly, a line a check. Exit code 1 if not. */
export const doctor: Command = {
  name: "doctor",
  usage: [["doctor", "Check a Qubes vault: what is wrong, and what to do"]],
  run,
};

async function run(args: Arguments, { print, machine }: CommandPowers): Promise<void> {
  checkCount(args.positional, { max: 0 }, doctor);
  const configDir = resolve(args.text("configdir"));
  const isElsewhere = args.sourceOf("configdir").from === "flag";
  const cleft = [machine.program.cleft, ...(isElsewhere ? ["--configdir", configDir] : [])];
  const system = systemOf({ env: machine.env, signer: () => askSigner(configDir) });
  const setup = vaultSetup({
    ...{ root: resolve(args.text("root")), home: machine.home, configDir },
    cleft: cleft.map(shellWord).join(" "),
  });
  const findings = await examine(vaultChecks, system, setup);
  for (const line of findings.flatMap(findingLines)) print.out(line);
  const verdict = verdictOn(findings);
  if (verdict !== undefined) throw new Failure("setup.wrong", verdict);
}

/** A signer that can't be asked is a finding like others. */
async function askSigner(configDir: string): ReturnType<System["signer"]> {
  try {
    const status = await askDaemon(configDir, { command: "status" });
    const text = (name: string) => (isObject(status) ? String(status.get(name)) : "");
    return { state: text("state"), qrexec: text("qrexec") };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (error.code === "control.absent") return undefined;
    const { cause, message, hint = "look at the signer's window" } = error;
    const silent = cause === undefined ? message : `cleft can't be asked: ${reasonOf(cause)}`;
    return { silent, hint };
  }
}
