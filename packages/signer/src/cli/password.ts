import { Failure, type FailureCode } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import { isSamePassword, passwordProblem } from "../domain/new-password.ts";
import type { Secret } from "../domain/secret.ts";
import { counted } from "../domain/spoken.ts";
import type { Input } from "../window/input.ts";
import type { CommandPowers } from "./command.ts";

/**
 * Clef's form of a question at the command line. It goes to stdout, as in Clef, or to stderr where
 * stdout belongs to a result.
 */
export class PasswordPrompt {
  private readonly input: Input;
  private readonly powers: Pick<CommandPowers, "print" | "stop">;
  private readonly to: "out" | "err";
  private warned = false;

  constructor(
    input: Input,
    powers: Pick<CommandPowers, "print" | "stop">,
    to: "out" | "err" = "out",
  ) {
    this.input = input;
    this.powers = powers;
    this.to = to;
  }

  async ask(title: string, prompt: string): Promise<Secret> {
    const { print, stop } = this.powers;
    this.say(`## ${title}\n\n${prompt}`);
    if (!this.input.isTerminal && !this.warned) {
      this.say("!! Unsupported terminal, password will be echoed.");
      this.warned = true;
    }
    if (this.to === "out") print.write("> ");
    try {
      return await this.input.secret(stop);
    } finally {
      if (!this.input.isTerminal && this.to === "out") print.out("");
      this.say("-----------------------");
    }
  }

  private say(text: string): void {
    this.powers.print[this.to](text);
  }

  /**
   * Asks for a new password and, with `again`, once more. Whatever fails, nothing of it is left.
   * @throws Failure `password.weak`, `password.long`, `password.mismatch`
   */
  async askNew(title: string, prompt: string, again: string | undefined): Promise<Secret> {
    const password = await this.ask(title, this.input.isTerminal ? withRule(prompt) : prompt);
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

  /**
   * The same, for a person until it is one: who is thrown out would type the next one into a shell.
   * @throws the same
   */
  async askNewTrying(title: string, prompt: string, again: string): Promise<Secret> {
    const tries = this.input.isTerminal ? limits.passwordTries : 1;
    for (let triesLeft = tries - 1; ; triesLeft--) {
      try {
        return await this.askNew(title, prompt, again);
      } catch (error) {
        const isSlip = error instanceof Failure && slips.has(error.code);
        if (!isSlip || triesLeft === 0) throw error;
        this.say(`${error.message}, ${counted(triesLeft, "try", "tries")} left.`);
      }
    }
  }

  /**
   * Asks for the password that opens a key, until `check` takes it, and then, twice, for the one that
   * the key gets.
   * @throws Failure of `check`, and as {@link PasswordPrompt.askNew}
   */
  async askChange(
    whose: string,
    check: (password: Secret) => Promise<unknown>,
  ): Promise<{ password: Secret; newPassword: Secret }> {
    const text = `Please enter the current password ${whose}`;
    const password = await this.askTrying({ title: "Password", text, whose }, check);
    try {
      const newPassword = await this.askNewTrying(
        "New password",
        "Please enter the new password",
        "Please repeat the new password",
      );
      return { password, newPassword };
    } catch (error) {
      password.wipe();
      throw error;
    }
  }

  /**
   * Asks for a password until `use` takes it. A person makes slips and has some tries; a pipe would
   * only say the same again. The password that was taken stays the caller's.
   * @throws Failure of `use`
   */
  async askTrying(
    {
      title,
      text,
      whose,
    }: { readonly title: string; readonly text: string; readonly whose: string },
    use: (password: Secret) => Promise<unknown>,
  ): Promise<Secret> {
    const tries = this.input.isTerminal ? limits.currentPasswordTries : 1;
    for (let triesLeft = tries - 1; ; triesLeft--) {
      const password = await this.ask(title, text);
      try {
        await use(password);
        return password;
      } catch (error) {
        password.wipe();
        if (!(error instanceof Failure && error.code === "password.wrong")) throw error;
        if (triesLeft === 0) throw wrongPassword(error, whose);
        this.say(`Wrong password, ${counted(triesLeft, "try", "tries")} left.`);
      }
    }
  }

  private async compare(first: Secret, title: string, prompt: string): Promise<void> {
    const second = await this.ask(title, prompt).catch((error: unknown) => {
      throw this.input.isTerminal ? error : notRepeated(error);
    });
    const equal = isSamePassword(first, second);
    second.wipe();
    if (!equal) throw new Failure("password.mismatch", "Passwords do not match");
  }
}

const slips: ReadonlySet<FailureCode> = new Set(["password.weak", "password.mismatch"]);

function wrongPassword(cause: Failure, whose: string): Failure {
  const { code, message } = cause;
  return new Failure(code, message, {
    hint: `nothing was changed; start again with the password ${whose}`,
    cause,
  });
}

/** What a pipe lacks is said: Clef's `importraw` wants the password twice, its `newaccount` once. */
function notRepeated(error: unknown): unknown {
  if (!(error instanceof Failure && error.code === "aborted")) return error;
  return new Failure(error.code, error.message, {
    hint: "the new password is read twice here, so a pipe gives it on two lines",
    cause: error,
  });
}

/** A person learns the rule before they type; a pipe gets Clef's text. */
function withRule(prompt: string): string {
  return `${prompt}\n(at least ${limits.passwordBytesMin} printable ASCII characters)`;
}

/** Clef's rules for a new password. @throws Failure `password.weak` */
function checkNewPassword(password: Secret): void {
  const problem = passwordProblem(password);
  if (problem === undefined) return;
  throw new Failure("password.weak", `password requirements not met: ${problem}`);
}
