import type { Secret } from "../domain/secret.ts";

/** Where a person's words come from: a keyboard, or a pipe that stands for one. */
export interface Input {
  readonly isTerminal: boolean;
  /**
   * One line. At a keyboard only characters that continue one of the `expected` words are echoed,
   * so that a password typed too early doesn't appear; the first `dropMs` of input are dropped.
   * @throws Failure `window.lost` at the end of input, or the reason of the signal
   */
  line(rules: {
    expected: readonly string[];
    dropMs: number;
    signal: AbortSignal;
  }): Promise<string>;
  /** One line that is never echoed. @throws the same */
  secret(signal: AbortSignal): Promise<Secret>;
}
