import { isTooSmall, linesBelow, pageRows } from "./frame.ts";
import type { Key } from "./keys.ts";
import type { Medium } from "./layout.ts";
import type { Page } from "./views.ts";

const space = 0x20;

/** Lines that may be longer than the screen, and how far they are scrolled. */
export class Pager {
  private readonly render: (medium: Medium) => readonly string[];
  private lines: readonly string[] = [];
  private top = 0;
  private rows = 1;
  /** Whether the screen is large enough to read all of it. */
  isReadable = false;

  constructor(render: (medium: Medium) => readonly string[], medium: Medium) {
    this.render = render;
    this.fit(medium);
  }

  get page(): Page {
    return { lines: this.lines, top: this.top };
  }

  /** Whether the last line is on the screen and can be read. */
  get isAtEnd(): boolean {
    return this.isReadable && linesBelow(this.page, this.rows) === 0;
  }

  /** Whether all of it is on the screen at once. */
  get isWhole(): boolean {
    return this.lines.length <= this.rows;
  }

  /** Breaks the lines for a screen of another size; it stays about where it was. */
  fit(medium: Medium): void {
    const before = this.lines.length;
    // Nothing scrolls away for good here, so nothing has to be repeated.
    const lines = withoutEnd(this.render({ ...medium, rows: Number.POSITIVE_INFINITY }));
    this.rows = pageRows(medium);
    this.lines = squeezed(lines, this.rows);
    // What would be cut at the edge was never shown, so nothing of it can be approved. Of wide signs the
    // layout takes care: to measure half a million of them once more would hold up everybody.
    this.isReadable =
      !isTooSmall(medium) && this.lines.every(({ length }) => length <= medium.columns);
    this.scrollTo(before === 0 ? 0 : Math.round((this.top * this.lines.length) / before));
  }

  /** Scrolls by a key, and returns whether it was one of its keys. */
  press(key: Key, byte: number): boolean {
    const step = this.stepOf(key, byte);
    if (step === undefined) return false;
    this.scrollTo(this.top + step);
    return true;
  }

  private stepOf(key: Key, byte: number): number | undefined {
    // One line stays, so that the eye finds its place.
    const pageStep = Math.max(1, this.rows - 1);
    switch (key) {
      case "up":
        return -1;
      case "down":
        return 1;
      case "pageUp":
        return -pageStep;
      case "pageDown":
        return pageStep;
      case "home":
        return -this.lines.length;
      case "end":
        return this.lines.length;
      case "text":
        return byte === space ? pageStep : undefined;
      default:
        return undefined;
    }
  }

  private scrollTo(top: number): void {
    this.top = Math.max(0, Math.min(top, this.lines.length - this.rows));
  }
}

/** Without some of the empty lines, from the top, if that spares a second page. */
function squeezed(lines: readonly string[], rows: number): readonly string[] {
  const empty = lines.flatMap((line, at) => (line === "" ? [at] : []));
  const tooMany = Math.max(0, lines.length - rows);
  if (tooMany > empty.length) return lines;
  const left = new Set(empty.slice(0, tooMany));
  return lines.filter((_, at) => !left.has(at));
}

/** Empty lines at the end say nothing, and nobody should have to scroll to them. */
function withoutEnd(lines: readonly string[]): readonly string[] {
  return lines.slice(0, lines.findLastIndex((line) => line !== "") + 1);
}
