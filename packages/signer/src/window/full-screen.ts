import assert from "node:assert/strict";
import type { Notice, Window } from "../approval/window.ts";
import { messageOf } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import { frame, isTooSmall, type View } from "./frame.ts";
import type { Key, Keys } from "./keys.ts";
import { News } from "./news.ts";
import {
  type Ends,
  type Open,
  type OpenPowers,
  openDecision,
  openSecret,
} from "./open-question.ts";
import { Pager } from "./pager.ts";
import { Painter } from "./painter.ts";
import { paletteOf } from "./palette.ts";
import { asking, type Form } from "./questions.ts";
import { Quitting } from "./quitting.ts";
import { busyView, interruptedView, quittingView, type Scene } from "./views.ts";

/** Ambient power of the full screen. */
export interface FullScreenPowers extends OpenPowers {
  readonly keys: Keys;
  /** Aborted when the signer is ending, whoever wants it. */
  readonly ending: AbortSignal;
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
  private readonly quitting = new Quitting();
  private show: (() => void) | undefined;
  private readonly news = new News();
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
    this.news.hear(notice, this.powers.clock.now());
    if (notice.kind === "queue" && notice.expiresAt === undefined) this.approved = undefined;
    if (notice.kind === "started") this.enter();
    else this.paint();
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
    this.stopListening = keys.listen(
      (key, byte, alone) => this.press(key, byte, alone),
      () => this.goOnAfterStop(),
    );
    ending.addEventListener("abort", () => this.paint(), { once: true });
    screen.onResize(() => this.resize());
    screen.onLog((line) => {
      this.news.addLine(line);
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
        this.quitting.forget();
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
        this.quitting.forget();
        this.open = this.opened(form, ends);
        this.show = undefined;
      };
      if (!this.interrupted) this.show();
      this.enter();
    });
  }

  private opened<A>(form: Form<A>, ends: Ends<A>): Open {
    const { approved } = this;
    const powers = { ...this.powers, onQuit: () => this.quitting.ask() };
    if (form.needs === "secret") return openSecret(form, ends, { ...powers, page: approved });
    this.approved = undefined;
    const answer = (verdict: "yes" | "no", page: Pager) => {
      const { medium } = powers.screen;
      if (verdict === "yes") this.approved = page.isWhole ? page : new Pager(form.summary, medium);
      this.note(form[verdict].said, form.headline);
      ends.resolve(form[verdict].answer);
    };
    return openDecision(form, answer, powers);
  }

  private press(key: Key, byte: number, alone: boolean): void {
    if (key === "focusOut") this.quitting.forget();
    if (key === "focusIn" || key === "focusOut") this.open?.press(key, byte, alone);
    else this.pressAny(key, byte, alone);
    this.paint();
  }

  private pressAny(key: Key, byte: number, alone: boolean): void {
    const now = this.powers.clock.elapsed();
    const sinceMs = now - this.lastKeyAt;
    this.lastKeyAt = now;
    if (isTooSmall(this.powers.screen.medium)) this.quitting.forget();
    if (this.interrupted) {
      if (key === "escape") this.goOn();
    } else if (this.open !== undefined && !this.quitting.isAsked) {
      this.open.press(key, byte, alone);
    } else {
      this.open?.stray();
      if (this.quitting.press(byte, alone, sinceMs)) this.powers.onQuit();
    }
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

  /** We were stopped: a shell had the terminal, and whoever was asked looked at something else. */
  private goOnAfterStop(): void {
    const { screen, clock } = this.powers;
    this.lastKeyAt = clock.elapsed();
    this.quitting.forget();
    this.open?.begin();
    screen.reenter();
    this.resize();
  }

  private note(word: string, text: string): void {
    this.news.add({ at: this.powers.clock.now(), word, text });
    this.paint();
  }

  private view(): View {
    const { screen, clock, ending } = this.powers;
    const scene = this.news.scene(screen.medium, clock);
    if (this.interrupted) return interruptedView(scene);
    const view = this.plainView(scene);
    return this.quitting.isAsked && !ending.aborted ? quittingView(scene, view) : view;
  }

  private plainView(scene: Scene): View {
    const { ending } = this.powers;
    if (this.open !== undefined) return this.open.view(scene);
    if (!this.news.isBusy) return this.news.idle(scene, ending.aborted);
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
