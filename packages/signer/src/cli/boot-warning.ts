import { Failure } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import type { Input } from "../window/input.ts";
import type { Arguments } from "./arguments.ts";
import type { CommandPowers } from "./command.ts";

const warning = `
WARNING!

Cleft is an account management tool. It may, like any software, contain bugs.

Please take care to
- backup your keystore files,
- verify that the keystore(s) can be opened with your password.

Cleft is distributed in the hope that it will be useful, but WITHOUT ANY
WARRANTY; without even the implied warranty of MERCHANTABILITY or FITNESS FOR A
PARTICULAR PURPOSE. See the Apache License 2.0 for more details.
`;

/**
 * Shows the warning and waits for `ok`, unless it is suppressed; with a program as window it goes
 * to stderr and nothing is asked. A person who mistypes it is asked again, unless it is a no; a pipe
 * says it once, as to Clef.
 * @throws Failure `aborted`
 */
export async function confirmBootWarning(
  args: Arguments,
  { print, stop }: CommandPowers,
  input: Input | undefined,
): Promise<void> {
  if (args.on("suppress-bootwarn")) return;
  if (input === undefined) return print.err(warning);
  print.out(`${warning}\nEnter 'ok' to proceed:`);
  const tries = input.isTerminal ? limits.bootWarningTries : 1;
  for (let triesLeft = tries - 1; ; triesLeft--) {
    print.write("> ");
    const typed = (await input.line({ expected: ["ok", "no"], dropMs: 0, signal: stop })).trim();
    const isOk = input.isTerminal ? typed.toLowerCase() === "ok" : typed === "ok";
    if (isOk) return print.out("");
    if (triesLeft === 0 || noes.has(typed.toLowerCase())) throw refused();
    print.out("That was something else. Type ok and Enter to proceed, or no to leave:");
  }
}

/** A no is a decision and no slip. */
const noes: ReadonlySet<string> = new Set(["n", "no"]);

function refused(): Failure {
  return new Failure("aborted", "aborted by user", { hint: "type ok, or add --suppress-bootwarn" });
}
