import type { Medium } from "./layout.ts";

/** Where a window writes. While a question is on the screen, log lines are held back. */
export interface Screen {
  readonly medium: Medium;
  hold(): void;
  release(): void;
  /** Writes text as it is: it has been made inert before. */
  write(text: string): void;
}

/** A screen that can be taken as a whole. */
export interface WholeScreen extends Screen {
  /** Bits per colour: 1 is none, 4 are the sixteen of the terminal, from 8 on they are known. */
  readonly colorBits: number;
  /** Switches to a screen of its own and holds the log until `leave`. Again, it does nothing. */
  enter(): void;
  /** Switches to it again if it was taken: somebody else has had the terminal in the meantime. */
  reenter(): void;
  /** Gives the terminal back as it was; then the log lines follow. Again, it does nothing. */
  leave(): void;
  /** Calls back when the size has changed. */
  onResize(listener: () => void): void;
  /** Calls back with log lines: some earlier ones at once, then each that comes, held or not. */
  onLog(listener: (line: string) => void): void;
}
