import type { Screen } from "./screen.ts";

/** Draws lines on a screen of its own; what hasn't changed isn't sent again. */
export class Painter {
  private readonly screen: Pick<Screen, "write">;
  private painted: readonly string[] = [];

  constructor(screen: Pick<Screen, "write">) {
    this.screen = screen;
  }

  paint(lines: readonly string[]): void {
    const cleared = this.painted.length === 0 ? clearScreen : "";
    const changed = lines.map((line, at) => (line === this.painted[at] ? "" : drawn(line, at)));
    this.painted = lines;
    const text = cleared + changed.join("");
    if (text !== "") this.screen.write(text);
  }

  /** The screen may show anything now: all of it is drawn the next time. */
  forget(): void {
    this.painted = [];
  }
}

const clearScreen = "\u001b[2J";

/** Puts a line into its row, which is emptied before: a terminal may be wider than we count. */
function drawn(line: string, row: number): string {
  return `\u001b[${row + 1};1H\u001b[2K${line}`;
}
