import assert from "node:assert/strict";
import type { Notice, Started, Window } from "../approval/window.ts";
import type { Clock } from "../domain/clock.ts";
import { messageOf } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import { Deciding } from "./deciding.ts";
import { frame, type View } from "./frame.ts";
import { idleView } from "./idle-view.ts";
import type { Key, Keys } from "./keys.ts";
import { rowLines } from "./layout.ts";
import { sayOutcome } from "./outcomes.ts";
import { Pager } from "./pager.ts";
import { Painter } from "./painter.ts";
import { paletteOf } from "./palette.ts";
import {
  asking,
  type DecisionForm,
  type Form,
  passwordRefused,
  type SecretForm,
} from "./questions.ts";
import type { WholeScreen } from "./screen.ts";
import { SecretEntry } from "./secret-entry.ts";
import { busyView, type Happening, interruptedView, type Scene } from "./views.ts";

/** Ambient power of the full screen. */
export interface FullScreenPowers {
  readonly keys: Keys;
  readonly screen: WholeScreen;
  readonly clock: Clock;
  /** How long a question is on the screen before a yes counts, ms. */
  readonly armMs: number;
  /** The person ends the signer. */
  readonly onQuit: () => void;
  /** Aborted when the signer is ending, whoever wants it. */
  readonly ending: AbortSignal;
}

/** What is asked right now. */
interface Open {
  readonly pager: Pager;
  view(scene: Scene): View;
  press(key: Key, byte: number, alone: boolean): void;
  /** It is over, however it ended. */
  end(): void;
}

/** The ends of a question's promise. Calling one ends the question. */
interface Ends<A> {
  readonly resolve: (answer: A) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The whole screen of a terminal: a bar, a page to scroll and two lines at the bottom, or a list of
 * what happened while nobody asks. It takes the screen with the first thing it has to show.
 */
export class FullScreen implements Window {
  readonly answeredBy = "person";
  private readonly powers: FullScreenPowers;
  private open: Open | undefined;
  /** The question that was just approved: a password belongs to it. */
  private approved: Pager | undefined;
  /**
   * A question went while its password was being typed. The next one isn't shown until Escape says
   * that whoever types has noticed: the rest of a password must not become an answer.
   */
  private interrupted = false;
  private show: (() => void) | undefined;
  private started: Started | undefined;
  private place: Scene["place"];
  private isLocked = false;
  private readonly happenings: Happening[] = [];
  private readonly log: string[] = [];
  private readonly painter: Painter;
  private lastKeyAt = 0;
  private stopListening: (() => void) | undefined;
  private cancelTick: (() => void) | undefined;
  private cancelLog: (() => void) | undefined;

  constructor(powers: FullScreenPowers) {
    this.powers = powers;
    this.painter = new Painter(powers.screen);
  }

  readonly ask: Window["ask"] = asking((form, signal) => this.put(form, signal));

  tell(notice: Notice): void {
    switch (notice.kind) {
      case "started":
        this.started = notice;
        this.enter();
        break;
      case "queue":
        this.place = notice;
        if (notice.expiresAt === undefined) this.approved = undefined;
        this.paint();
        break;
      default: {
        if (notice.kind === "lock") this.isLocked = notice.locked;
        const outcome = sayOutcome(notice);
        if (outcome !== undefined) this.note(outcome.said, outcome.text);
      }
    }
  }

  /** Gives the terminal back. */
  close(): void {
    this.stopListening?.();
    this.stopListening = undefined;
    this.cancelTick?.();
    this.cancelLog?.();
    this.powers.screen.leave();
  }

  private enter(): void {
    if (this.stopListening === undefined) this.take();
    this.paint();
  }

  private take(): void {
    const { screen, keys, ending, clock } = this.powers;
    screen.enter();
    this.stopListening = keys.listen((key, byte, alone) => this.press(key, byte, alone));
    ending.addEventListener("abort", () => this.paint(), { once: true });
    screen.onResize(() => this.resize());
    screen.onLog((line) => {
      keep(this.log, line, limits.shownLogLines);
      // Many lines are one picture: to draw each would hold up whoever asks and whoever answers.
      this.cancelLog ??= clock.after(limits.shownLogMs, () => {
        this.cancelLog = undefined;
        this.paint();
      });
    });
  }

  private put<A>(form: Form<A>, signal: AbortSignal): Promise<A> {
    assert(
      this.open === undefined && this.show === undefined,
      "a person is asked one thing at a time",
    );
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const over = (end: () => void) => {
        signal.removeEventListener("abort", withdraw);
        this.open?.end();
        this.open = undefined;
        this.show = undefined;
        end();
        this.paint();
      };
      const withdraw = () => {
        const what = form.needs === "decision" ? form.headline : form.prompt;
        this.note("Withdrawn", `${messageOf(signal.reason)} (${what})`);
        if (form.needs === "secret" && this.open !== undefined) this.interrupted = true;
        over(() => reject(signal.reason));
      };
      signal.addEventListener("abort", withdraw, { once: true });
      const ends: Ends<A> = {
        resolve: (answer) => over(() => resolve(answer)),
        reject: (error) => over(() => reject(error)),
      };
      this.show = () => {
        this.open =
          form.needs === "decision" ? this.decide(form, ends) : this.enterSecret(form, ends);
        this.show = undefined;
      };
      if (!this.interrupted) this.show();
      this.enter();
    });
  }

  private decide<A>(form: DecisionForm<A>, { resolve }: Ends<A>): Open {
    const { screen, clock, armMs, onQuit } = this.powers;
    const now = clock.now();
    const deciding = new Deciding(form, { medium: screen.medium, now, armMs });
    this.approved = undefined;
    const answer = ({ said, answer }: DecisionForm<A>["yes"]) => {
      this.note(said, form.headline);
      resolve(answer);
    };
    return {
      pager: deciding.pager,
      view: (scene) => deciding.view(scene),
      press: (key, byte, alone) => {
        const verdict = deciding.press(key, byte, { alone, now: clock.now() });
        if (verdict === "yes") this.approved = deciding.pager;
        if (verdict === "yes" || verdict === "no") answer(form[verdict]);
        if (verdict === "quit") onQuit();
      },
      end: () => undefined,
    };
  }

  private enterSecret<A>(form: SecretForm<A>, { resolve, reject }: Ends<A>): Open {
    const { screen, clock } = this.powers;
    const row = { label: "PASSWORD?", value: form.prompt };
    const pager = this.approved ?? new Pager((medium) => rowLines(row, medium), screen.medium);
    const entry = new SecretEntry(form, pager, clock.now());
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
        const done = entry.press(key, byte, clock.now());
        if (done === "done") take();
        if (done === "refused") reject(passwordRefused());
      },
      end: () => entry.wipe(),
    };
  }

  private press(key: Key, byte: number, alone: boolean): void {
    const now = this.powers.clock.now();
    const isQuiet = now >= this.lastKeyAt + limits.earlyInputMs;
    this.lastKeyAt = now;
    if (this.interrupted) {
      if (key === "escape") this.goOn();
    } else if (this.open !== undefined) this.open.press(key, byte, alone);
    else if (alone && isQuiet && byte === quitKey) this.powers.onQuit();
    this.paint();
  }

  private goOn(): void {
    this.interrupted = false;
    this.show?.();
  }

  private resize(): void {
    const { screen } = this.powers;
    this.open?.pager.fit(screen.medium);
    if (this.open?.pager !== this.approved) this.approved?.fit(screen.medium);
    this.painter.forget();
    this.paint();
  }

  private note(word: string, text: string): void {
    keep(this.happenings, { at: this.powers.clock.now(), word, text }, limits.shownDecisions);
    this.paint();
  }

  private view(): View {
    const { screen, clock, ending } = this.powers;
    const { place, happenings, started, log } = this;
    const scene = { medium: screen.medium, now: clock.now(), place, happenings };
    if (this.interrupted) return interruptedView(scene);
    if (this.open !== undefined) return this.open.view(scene);
    if (place?.expiresAt === undefined) {
      const lockState = this.isLocked ? "locked" : "waiting";
      return idleView(scene, { started, log, state: ending.aborted ? "ending" : lockState });
    }
    return busyView(scene, this.approved?.page ?? { lines: [], top: 0 });
  }

  /** Draws what there is, and goes on doing so while something is asked. */
  private paint(): void {
    const { screen, clock } = this.powers;
    if (this.stopListening === undefined) return;
    this.painter.paint(frame(this.view(), screen.medium, paletteOf(screen.colorBits)));
    this.cancelTick?.();
    const isOpen = this.open !== undefined;
    this.cancelTick = isOpen ? clock.after(limits.screenTickMs, () => this.paint()) : undefined;
  }
}

const quitKey = 0x71;
/** Adds to a list that forgets its oldest. */
function keep<T>(list: T[], item: T, max: number): void {
  list.push(item);
  if (list.length > max) list.shift();
}
