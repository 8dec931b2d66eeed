import { Arming } from "@cleft/protocol/arming.ts";
import { inert } from "@cleft/protocol/inert.ts";
import type { Notice, Started, Window } from "../approval/window.ts";
import type { Clock } from "../domain/clock.ts";
import type { Confirmation } from "../domain/confirmation.ts";
import { Failure, messageOf } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import { clockTime } from "./clock-time.ts";
import type { Input } from "./input.ts";
import { rule } from "./layout.ts";
import { sayOutcome } from "./outcomes.ts";
import { asking, type DecisionForm, type Form, passwordRefused } from "./questions.ts";
import type { Screen } from "./screen.ts";

/** Ambient power of the line window. */
export interface LineModePowers {
  readonly input: Input;
  readonly screen: Screen;
  readonly clock: Clock;
  /** How long a question is on the screen before a yes counts, ms. */
  readonly armMs: number;
}

/**
 * Line mode: each question is printed once, answered by a word, and leaves its answer behind. It
 * writes no escape sequence, for screen readers and for terminals that know none.
 */
export function lineWindow({ input, screen, clock, armMs }: LineModePowers): Window {
  const write = (lines: readonly string[]) => screen.write(`${lines.join("\n")}\n`);

  /** A terminal takes text as fast as it draws it: whoever else waits has a turn in between. */
  async function print(lines: readonly string[], signal: AbortSignal): Promise<void> {
    for (let at = 0; at < lines.length; at += linesPerTurn) {
      if (at > 0) await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
      write(lines.slice(at, at + linesPerTurn));
    }
  }

  let place: Extract<Notice, { kind: "queue" }> | undefined;

  /**
   * A yes is the whole word, typed once the question is armed. Anything else is a no, but a yes
   * that came too early is asked for again.
   */
  async function isYes<A>({ confirmation, signsAtOnce }: DecisionForm<A>, signal: AbortSignal) {
    const text = confirmation?.text;
    const { earlyInputMs: earlyMs, quietMs, heldMs } = limits;
    const rules = { armMs, earlyMs, quietMs, heldMs, confirmation: text };
    const arming = new Arming(rules, clock.elapsed());
    // It was printed whole, and what has scrolled away was repeated.
    arming.readToEnd();
    const word = text === undefined ? "yes" : `yes ${text}`;
    const prompt =
      (signsAtOnce ? "The account is unlocked: a yes signs at once, no password is asked.\n" : "") +
      (confirmation === undefined ? plainPrompt : criticalPrompt(confirmation));
    let dropMs: number = limits.earlyInputMs;
    for (;;) {
      screen.write(prompt);
      const typed = (await input.line({ expected: [word, "no"], dropMs, signal })).trim();
      if (typed.toLowerCase() !== word.toLowerCase()) return false;
      for (const char of text ?? "") arming.confirm(char);
      if (arming.isArmed(clock.elapsed())) return true;
      write(["That was faster than anybody reads. Read it, then type it again."]);
      dropMs = 0;
    }
  }

  async function put<A>(form: Form<A>, signal: AbortSignal): Promise<A> {
    if (form.needs === "secret") {
      write([form.prompt]);
      screen.write("(nothing is shown while you type; Esc rejects): ");
      return form.answer(await input.secret(signal));
    }
    await print([rule(screen.medium), ...placeLines(place), ...form.lines(screen.medium)], signal);
    const { said, answer } = (await isYes(form, signal)) ? form.yes : form.no;
    write([`${said}.`]);
    return answer;
  }

  return {
    answeredBy: "person",

    /** Keeps log lines away while a question is open, and says why it went if it was withdrawn. */
    ask: asking(async (form, signal) => {
      screen.hold();
      try {
        return await put(form, signal);
      } catch (error) {
        if (signal.aborted) write([`Withdrawn: ${messageOf(signal.reason)}.`]);
        else if (isRefusal(error)) throw passwordRefused();
        throw error;
      } finally {
        screen.release();
      }
    }),

    tell(notice) {
      switch (notice.kind) {
        case "started":
          return write(startedLines(notice));
        case "queue":
          // Said with the next question: a line whenever one arrives would interrupt a reader.
          place = notice;
          return;
        default: {
          const outcome = sayOutcome(notice);
          // The text is our own, but may quote what a window or a disk said.
          const rules = { charsMax: limits.shownCharsMax, ascii: screen.medium.ascii };
          if (outcome !== undefined) write([`${outcome.said}: ${inert(outcome.text, rules)}`]);
        }
      }
    },
  };
}

/** Escape instead of a password. */
function isRefusal(error: unknown): boolean {
  return error instanceof Failure && error.code === "aborted";
}

/** Ten screens, and in milliseconds on the terminals that we know. */
const linesPerTurn = 240;

const plainPrompt = "Type yes and Enter to approve; anything else rejects [no]: ";

function criticalPrompt({ text, at }: Confirmation): string {
  return [
    `This is CRITICAL. To approve, type yes, a space and the last ${text.length} characters of`,
    `the address at "${at}"; anything else rejects [no]: `,
  ].join("\n");
}

function placeLines(place: Extract<Notice, { kind: "queue" }> | undefined): string[] {
  if (place?.expiresAt === undefined) return [];
  return [`  Question 1 of ${place.waiting}, to be answered by ${clockTime(place.expiresAt)}`, ""];
}

function startedLines({ info, qrexec, chains, keystore }: Started): string[] {
  return [
    "",
    "------- Signer info -------",
    `* extapi_version : ${info.extapi_version}`,
    `* extapi_http : ${info.extapi_http}`,
    `* extapi_ipc : ${info.extapi_ipc}`,
    ...(qrexec === "n/a" ? [] : [`* qrexec : ${qrexec}`]),
    `* intapi_version : ${info.intapi_version}`,
    `* chains : ${chains.join(", ")}`,
    `* keystore : ${keystore}`,
    "",
    "Waiting for requests. Ctrl-C ends the signer.",
  ];
}
