import { inert } from "@cleft/protocol/inert.ts";
import type { Ask, Notice, Questions, Window } from "../approval/window.ts";
import { pathOf } from "../domain/account.ts";
import { checksummed } from "../domain/address.ts";
import type { Clock } from "../domain/clock.ts";
import { messageOf } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import type { Review } from "../domain/review.ts";
import type { Input } from "./input.ts";
import type { Medium } from "./layout.ts";
import { renderData, renderListing, renderNewAccount, renderTransaction } from "./render.ts";

/** Where a window writes. While a question is on the screen, log lines are held back. */
export interface Screen {
  readonly medium: Medium;
  hold(): void;
  release(): void;
  /** Writes text as it is: it has been made inert before. */
  write(text: string): void;
}

/** Ambient power of the line window. */
export interface TerminalPowers {
  readonly input: Input;
  readonly screen: Screen;
  readonly clock: Clock;
}

/** Line mode: each question is printed once, answered by a word, and leaves its answer behind. */
export function terminalWindow({ input, screen, clock }: TerminalPowers): Window {
  const write = (lines: readonly string[]) => screen.write(`${lines.join("\n")}\n`);

  /**
   * One rule for a yes: the question has been there for `armMs`, and the whole word is typed.
   * Anything else is a no, but a yes that came too early is asked for again.
   */
  async function confirm(word: string, prompt: string, signal: AbortSignal): Promise<boolean> {
    const armedAt = clock.now() + limits.armMs;
    let dropMs: number = limits.earlyInputMs;
    for (;;) {
      screen.write(prompt);
      const typed = (await input.line({ expected: [word, "no"], dropMs, signal })).trim();
      if (typed.toLowerCase() !== word.toLowerCase()) return false;
      if (clock.now() >= armedAt) return true;
      write(["That was faster than anybody reads. Read it, then type it again."]);
      dropMs = 0;
    }
  }

  const askTransaction: Ask<"transaction"> = async (question, signal) => {
    write(renderTransaction(question, screen.medium));
    const approved = await confirmReview(question.review, signal);
    if (!approved) return { approved };
    return { approved, digest: question.digest, transaction: undefined };
  };

  async function confirmReview(review: Review, signal: AbortSignal): Promise<boolean> {
    const isCritical = review.findings.some(({ severity }) => severity === "critical");
    const approved = isCritical
      ? await confirm(`yes ${review.confirmation}`, criticalPrompt, signal)
      : await confirm("yes", plainPrompt, signal);
    write([approved ? "Approved." : "Rejected."]);
    return approved;
  }

  const askData: Ask<"data"> = async (question, signal) => {
    write(renderData(question, screen.medium));
    const approved = await confirmReview(question.review, signal);
    return approved ? { approved, digest: question.digest } : { approved };
  };

  const askNewAccount: Ask<"newAccount"> = async (question, signal) => {
    write(renderNewAccount(question, screen.medium));
    const approved = await confirm("yes", plainPrompt, signal);
    write([approved ? "Approved." : "Rejected."]);
    return { approved };
  };

  const askListing: Ask<"listing"> = async (question, signal) => {
    write(renderListing(question, screen.medium));
    const approved = await confirm("yes", plainPrompt, signal);
    write([approved ? "Told." : "Rejected."]);
    const addresses = question.accounts.map(({ address }) => address);
    return { addresses: approved ? addresses : undefined };
  };

  const askPassword: Ask<"password"> = async ({ account }, signal) => {
    write([`Password of ${checksummed(account)}`]);
    screen.write("(nothing is shown while you type): ");
    return { password: await input.secret(signal) };
  };

  const askNewPassword: Ask<"newPassword"> = async ({ again }, signal) => {
    write([again ? "The same password once more" : "Password of the new account"]);
    screen.write("(nothing is shown while you type): ");
    return { password: await input.secret(signal) };
  };

  /** Keeps log lines away while a question is open, and says why it went if it was withdrawn. */
  function undisturbed<K extends keyof Questions>(ask: Ask<K>): Ask<K> {
    return async (question, signal) => {
      screen.hold();
      try {
        return await ask(question, signal);
      } catch (error) {
        if (signal.aborted) write([`Withdrawn: ${messageOf(signal.reason)}.`]);
        throw error;
      } finally {
        screen.release();
      }
    };
  }

  return {
    answeredBy: "person",
    ask: {
      transaction: undisturbed(askTransaction),
      data: undisturbed(askData),
      listing: undisturbed(askListing),
      newAccount: undisturbed(askNewAccount),
      password: undisturbed(askPassword),
      newPassword: undisturbed(askNewPassword),
    },

    tell(notice: Notice) {
      switch (notice.kind) {
        case "started":
          return write(startedLines(notice.info));
        case "signed":
          return write([`Signed: ${notice.result.tx.hash}`]);
        case "signed-data":
          return write([`Signed with ${checksummed(notice.account)}.`]);
        case "created":
          return write([
            `New account: ${checksummed(notice.account.address)}`,
            `Its key file: ${inert(pathOf(notice.account.url), { charsMax: limits.shownCharsMax, ascii: screen.medium.ascii })}`,
            "Back the file up, and remember its password.",
          ]);
        case "complaint":
          return write([notice.text]);
        case "failed":
          if (!notice.agreed) return;
          // The text is our own, but may quote what a window or a disk said.
          return write([
            `Not signed: ${inert(notice.text, { charsMax: limits.shownCharsMax, ascii: screen.medium.ascii })}`,
          ]);
      }
    },
  };
}

const plainPrompt = "Type yes and Enter to approve; anything else rejects [no]: ";
const criticalPrompt = [
  "This is CRITICAL. To approve, type yes, a space and the last 4 characters of the",
  "recipient (of your account if a contract is created); anything else rejects [no]: ",
].join("\n");

function startedLines(info: Extract<Notice, { kind: "started" }>["info"]): string[] {
  return [
    "",
    "------- Signer info -------",
    `* extapi_version : ${info.extapi_version}`,
    `* extapi_http : ${info.extapi_http}`,
    `* extapi_ipc : ${info.extapi_ipc}`,
    `* intapi_version : ${info.intapi_version}`,
    "",
    "Waiting for requests. Ctrl-C ends the signer.",
  ];
}
