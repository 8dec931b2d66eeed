/** How many calls are held between two qubes, and how many are being set up by one. */
export class Connections {
  private readonly counts = new Map<string, number>();

  /** Takes one place, if there is one of `max` left; the result gives it back. */
  take(key: string, max: number): (() => void) | undefined {
    const count = this.counts.get(key) ?? 0;
    if (count >= max) return undefined;
    this.counts.set(key, count + 1);
    return () => this.counts.set(key, (this.counts.get(key) ?? 1) - 1);
  }
}
