import { inert } from "@cleft/protocol/inert.ts";
import type { Ask, Notice, Questions, Window } from "../approval/window.ts";
import { checksummed } from "../domain/address.ts";
import type { Clock } from "../domain/clock.ts";
import { messageOf } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import type { Input } from "./input.ts";
import type { Medium } from "./layout.ts";
import { renderListing, renderTransaction } from "./render.ts";

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
    const { findings, confirmation } = question.review;
    const isCritical = findings.some(({ severity }) => severity === "critical");
    const approved = isCritical
      ? await confirm(`yes ${confirmation}`, criticalPrompt, signal)
      : await confirm("yes", plainPrompt, signal);
    write([approved ? "Approved." : "Rejected."]);
    if (!approved) return { approved };
    return { approved, digest: question.digest, transaction: undefined };
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
      listing: undisturbed(askListing),
      password: undisturbed(askPassword),
    },

    tell(notice: Notice) {
      switch (notice.kind) {
        case "started":
          return write(startedLines(notice.info));
        case "signed":
          return write([`Signed: ${notice.result.tx.hash}`]);
        case "failed":
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
