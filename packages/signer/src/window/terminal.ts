import { inert } from "@cleft/protocol/inert.ts";
import type { Answers, Notice, Question, QuestionOf, Window } from "../approval/window.ts";
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

  async function askTransaction(question: QuestionOf<"transaction">, signal: AbortSignal) {
    write(renderTransaction(question, screen.medium));
    const { findings, confirmation } = question.review;
    const isCritical = findings.some(({ severity }) => severity === "critical");
    const approved = isCritical
      ? await confirm(`yes ${confirmation}`, criticalPrompt, signal)
      : await confirm("yes", plainPrompt, signal);
    write([approved ? "Approved." : "Rejected."]);
    if (!approved) return { approved } as const;
    return { approved, digest: question.digest, transaction: undefined } as const;
  }

  async function askListing(question: QuestionOf<"listing">, signal: AbortSignal) {
    write(renderListing(question, screen.medium));
    const approved = await confirm("yes", plainPrompt, signal);
    write([approved ? "Told." : "Rejected."]);
    const addresses = question.accounts.map(({ address }) => address);
    return { addresses: approved ? addresses : undefined } as const;
  }

  async function askPassword({ account }: QuestionOf<"password">, signal: AbortSignal) {
    write([`Password of ${checksummed(account)}`]);
    screen.write("(nothing is shown while you type): ");
    return { password: await input.secret(signal) };
  }

  function askAny(question: Question, signal: AbortSignal): Promise<Answers[Question["kind"]]> {
    switch (question.kind) {
      case "transaction":
        return askTransaction(question, signal);
      case "listing":
        return askListing(question, signal);
      case "password":
        return askPassword(question, signal);
    }
  }

  return {
    answeredBy: "person",

    async ask<K extends Question["kind"]>(question: QuestionOf<K>, signal: AbortSignal) {
      screen.hold();
      try {
        return (await askAny(question, signal)) as Answers[K];
      } catch (error) {
        if (signal.aborted) write([`Withdrawn: ${messageOf(signal.reason)}.`]);
        throw error;
      } finally {
        screen.release();
      }
    },

    tell(notice: Notice) {
      switch (notice.kind) {
        case "started":
          return write(startedLines(notice.info));
        case "signed":
          return write([`Signed: ${notice.result.tx.hash}`]);
        case "failed":
          return write([`Not signed: ${inert(notice.text, textRules(screen.medium))}`]);
      }
    },
  };
}

/** Failure texts are our own, but may quote what a window or a disk said. */
function textRules({ ascii }: Medium) {
  return { charsMax: 600, ascii };
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
