/**
 * The one rule by which a window lets a person say yes, whatever the window is drawn with. It has
 * no clock of its own: `now` is milliseconds of whatever clock the window has.
 */

/** What a question asks of a person before a yes counts. */
export interface ArmingRules {
  /** How long it has to be visible without a change, ms. */
  readonly armMs: number;
  /** How long after something new input was still meant for what was there before, ms. */
  readonly earlyMs: number;
  /** How long after a key that means nothing here the next one isn't meant either, ms. */
  readonly quietMs: number;
  /** The same after the key that says yes, which may be held down, ms. */
  readonly heldMs: number;
  /** What has to be typed; undefined is nothing. An empty text can't be typed: there is no yes. */
  readonly confirmation: string | undefined;
}

/** What stands between a person and a yes. `away`: the window is not looked at. */
export type Obstacle = "unread" | "away" | "early" | "unconfirmed";

/** How far one question has come. A question that changes is a new one, with an arming of its own. */
export class Arming {
  private readonly rules: ArmingRules;
  private readonly shownAt: number;
  private visibleSince: number;
  private quietFrom: number;
  private isRead = false;
  private readonly away = new Set<"unfocused" | "unreadable">();
  private confirmed = "";

  constructor(rules: ArmingRules, now: number) {
    this.rules = rules;
    this.shownAt = now;
    this.visibleSince = now;
    this.quietFrom = now;
  }

  /** Whether a key that is pressed now can be meant for this question. */
  accepts(now: number): boolean {
    return now >= this.shownAt + this.rules.earlyMs;
  }

  /** The last line is on the screen. */
  readToEnd(): void {
    this.isRead = true;
  }

  /** The window is not looked at any more, or can't be read. */
  leave(why: "unfocused" | "unreadable"): void {
    this.away.add(why);
  }

  /** That is over: once nothing else is in the way the time starts anew. */
  comeBack(why: "unfocused" | "unreadable", now: number): void {
    if (this.away.delete(why)) this.visibleSince = now;
  }

  /** It is on the screen anew: the time starts anew. */
  restart(now: number): void {
    this.visibleSince = now;
  }

  /**
   * Something was typed that means nothing here, so the next key may not be meant either; `held`: it
   * was the one that says yes.
   */
  stray(now: number, held = false): void {
    const { quietMs, heldMs } = this.rules;
    this.quietFrom = Math.max(this.quietFrom, now + (held ? heldMs : quietMs));
  }

  /** Whether nothing meaningless was typed just before: a key by itself, and not part of a text. */
  isQuiet(now: number): boolean {
    return now >= this.quietFrom;
  }

  /** One character of the confirmation, in any case. A wrong one begins anew; returns if it fit. */
  confirm(char: string): boolean {
    const next = this.confirmed + char;
    const wanted = this.rules.confirmation ?? "";
    const fits = char !== "" && wanted.toLowerCase().startsWith(next.toLowerCase());
    this.confirmed = fits ? next : "";
    return fits;
  }

  /** What was typed of the confirmation so far. */
  get typed(): string {
    return this.confirmed;
  }

  /** What is still in the way of a yes, in the order in which a person should care. */
  obstacles(now: number): Obstacle[] {
    const { confirmation } = this.rules;
    const isConfirmed =
      confirmation === undefined ||
      (confirmation !== "" && this.confirmed.length === confirmation.length);
    return [
      ...(this.isRead ? [] : ["unread" as const]),
      ...(this.away.size > 0 ? ["away" as const] : []),
      ...(this.remainingMs(now) > 0 ? ["early" as const] : []),
      ...(isConfirmed ? [] : ["unconfirmed" as const]),
    ];
  }

  /** Time that the question still has to be visible, ms. */
  remainingMs(now: number): number {
    return Math.max(0, this.visibleSince + this.rules.armMs - now);
  }

  /** Whether a yes counts now. */
  isArmed(now: number): boolean {
    return this.obstacles(now).length === 0;
  }
}
