import { limits } from "../domain/limits.ts";

/** The wish to end the signer: a `q` by itself asks, a `y` ends it, any other key goes on. */
export class Quitting {
  private asked = false;

  get isAsked(): boolean {
    return this.asked;
  }

  /** A question was answered with `q`. */
  ask(): void {
    this.asked = true;
  }

  /** Something else is on the screen by now, or nobody looks at it. */
  forget(): void {
    this.asked = false;
  }

  /**
   * Takes a key and returns whether it ends the signer. `alone`: it is no part of a burst; `sinceMs`:
   * time since the key before, which is short in a text.
   */
  press(byte: number, alone: boolean, sinceMs: number): boolean {
    const char = String.fromCharCode(byte).toLowerCase();
    if (!this.asked) {
      this.asked = char === "q" && alone && sinceMs >= limits.earlyInputMs;
      return false;
    }
    // One that is held down, or too early, says nothing: it can be pressed again.
    this.asked = alone && (char === "q" || char === "y");
    return this.asked && char === "y" && sinceMs >= limits.quietMs;
  }
}
