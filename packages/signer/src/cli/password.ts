import { Failure } from "../domain/failure.ts";
import { isSamePassword, passwordProblem } from "../domain/new-password.ts";
import type { Secret } from "../domain/secret.ts";
import type { Input } from "../window/input.ts";
import type { CommandPowers } from "./command.ts";

/** Clef's form of a question at the command line. */
export class PasswordPrompt {
  private readonly input: Input;
  private readonly powers: Pick<CommandPowers, "print" | "stop">;
  private warned = false;

  constructor(input: Input, powers: Pick<CommandPowers, "print" | "stop">) {
    this.input = input;
    this.powers = powers;
  }

  async ask(title: string, prompt: string): Promise<Secret> {
    const { print, stop } = this.powers;
    print.out(`## ${title}\n\n${prompt}`);
    if (!this.input.isTerminal && !this.warned) {
      print.out("!! Unsupported terminal, password will be echoed.");
      this.warned = true;
    }
    print.write("> ");
    try {
      return await this.input.secret(stop);
    } finally {
      if (!this.input.isTerminal) print.out("");
      print.out("-----------------------");
    }
  }

  /**
   * Asks for a new password and, with `again`, once more. Whatever fails, nothing of it is left.
   * @throws Failure `password.weak`, `password.long`, `password.mismatch`
   */
  async askNew(title: string, prompt: string, again: string | undefined): Promise<Secret> {
    const password = await this.ask(title, prompt);
    try {
      // A person needn't repeat what is refused anyway; a pipe gets all prompts, as from Clef.
      if (this.input.isTerminal) checkNewPassword(password);
      if (again !== undefined) await this.compare(password, title, again);
      checkNewPassword(password);
      return password;
    } catch (error) {
      password.wipe();
      throw error;
    }
  }

  private async compare(first: Secret, title: string, prompt: string): Promise<void> {
    const second = await this.ask(title, prompt);
    const equal = isSamePassword(first, second);
    second.wipe();
    if (!equal) throw new Failure("password.mismatch", "Passwords do not match");
  }
}

/** Clef's rules for a new password. @throws Failure `password.weak` */
function checkNewPassword(password: Secret): void {
  const problem = passwordProblem(password);
  if (problem === undefined) return;
  throw new Failure("password.weak", `password requirements not met: ${problem}`);
}
