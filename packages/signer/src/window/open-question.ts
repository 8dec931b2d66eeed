import type { Clock } from "../domain/clock.ts";
import { Deciding } from "./deciding.ts";
import type { View } from "./frame.ts";
import type { Key } from "./keys.ts";
import { rowLines } from "./layout.ts";
import { Pager } from "./pager.ts";
import { type DecisionForm, passwordRefused, type SecretForm } from "./questions.ts";
import type { WholeScreen } from "./screen.ts";
import { SecretEntry } from "./secret-entry.ts";
import type { Scene } from "./views.ts";

/** What is asked on the screen right now. */
export interface Open {
  readonly pager: Pager;
  view(scene: Scene): View;
  press(key: Key, byte: number, alone: boolean): void;
  /** It is looked at anew: a secret is typed from its beginning, and a yes has to wait again. */
  begin(): void;
  /** A key was pressed that went elsewhere. */
  stray(): void;
  /** It is over, however it ended. */
  end(): void;
}

/** What a question on the screen needs. */
export interface OpenPowers {
  readonly screen: WholeScreen;
  readonly clock: Clock;
  /** How long a question is on the screen before a yes counts, ms. */
  readonly armMs: number;
  /** The person ends the signer. */
  readonly onQuit: () => void;
}

/** Opens a question that is answered by yes or no; the answer comes with the page that was read. */
export function openDecision(
  form: DecisionForm<unknown>,
  answer: (verdict: "yes" | "no", page: Pager) => void,
  { screen, clock, armMs, onQuit }: OpenPowers,
): Open {
  const deciding = new Deciding(form, { medium: screen.medium, now: clock.elapsed(), armMs });
  return {
    pager: deciding.pager,
    view: (scene) => deciding.view(scene),
    press: (key, byte, alone) => {
      const verdict = deciding.press(key, byte, { alone, now: clock.elapsed() });
      if (verdict === "yes" || verdict === "no") answer(verdict, deciding.pager);
      if (verdict === "quit") onQuit();
    },
    begin: () => deciding.begin(clock.elapsed()),
    stray: () => deciding.stray(clock.elapsed()),
    end: () => undefined,
  };
}

/** The ends of a question's promise. Calling one ends the question. */
export interface Ends<A> {
  readonly resolve: (answer: A) => void;
  readonly reject: (error: unknown) => void;
}

/** Opens the entry of a secret, below the page of the question that it belongs to, if there is one. */
export function openSecret<A>(
  form: SecretForm<A>,
  { resolve, reject }: Ends<A>,
  {
    screen,
    clock,
    page,
  }: Pick<OpenPowers, "screen" | "clock"> & { readonly page: Pager | undefined },
): Open {
  const row = { label: "PASSWORD?", value: form.prompt };
  const pager = page ?? new Pager((medium) => rowLines(row, medium), screen.medium);
  const entry = new SecretEntry(form, pager, clock.elapsed());
  const take = () => {
    try {
      resolve(form.answer(entry.take()));
    } catch (error) {
      reject(error);
    }
  };
  return {
    pager,
    view: (scene) => entry.view(scene),
    press: (key, byte) => {
      const done = entry.press(key, byte, clock.elapsed());
      if (done === "done") take();
      if (done === "refused") reject(passwordRefused());
    },
    begin: () => entry.begin(clock.elapsed()),
    stray: () => undefined,
    end: () => entry.wipe(),
  };
}
