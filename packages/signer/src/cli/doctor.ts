import { resolve } from "node:path";
import { countWrong, type Finding, findingLine } from "@cleft/protocol/doctor.ts";
import { isObject } from "@cleft/protocol/json.ts";
import { askDaemon } from "../daemon/operator/control-client.ts";
import { Failure } from "../domain/failure.ts";
import { examine, type System } from "../qubes/check.ts";
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
  const system = systemOf({ env: machine.env, signer: () => askSigner(configDir) });
  const setup = vaultSetup({ root: resolve(args.text("root")), home: machine.home, configDir });
  const findings = await examine(vaultChecks, system, setup);
  for (const finding of findings) print.out(findingText(finding));
  const count = countWrong(findings);
  if (count > 0) throw new Failure("setup.wrong", `${count} of ${findings.length} checks failed`);
}

async function askSigner(configDir: string): ReturnType<System["signer"]> {
  try {
    const status = await askDaemon(configDir, { command: "status" });
    const text = (name: string) => (isObject(status) ? String(status.get(name)) : "");
    return { state: text("state"), qrexec: text("qrexec") };
  } catch (error) {
    if (error instanceof Failure && error.code === "control.absent") return undefined;
    throw error;
  }
}

const words = { ok: "ok", warn: "warn", wrong: "WRONG" };

function findingText({ state, what, hint }: Finding): string {
  const line = findingLine(words, state, what);
  return hint === undefined ? line : `${line}\n       hint: ${hint}`;
}
