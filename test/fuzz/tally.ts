interface Told {
  readonly isAsked: boolean;
  readonly outcome: string;
  readonly heldMs: number;
}

/** Of each kind how many were sent, how many came to the window, and the longest hold; and the answers. */
export class Tally {
  private readonly rows = new Map<string, { sent: number; asked: number; heldMs: number }>();
  private readonly outcomes = new Map<string, number>();

  add(kind: string, { isAsked, outcome, heldMs }: Told): void {
    const { sent, asked, heldMs: most } = this.rows.get(kind) ?? { sent: 0, asked: 0, heldMs: 0 };
    const row = { sent: sent + 1, asked: asked + Number(isAsked), heldMs: Math.max(most, heldMs) };
    this.rows.set(kind, row);
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
  }

  get lines(): string[] {
    const kinds = [...this.rows].map(
      ([kind, { sent, asked, heldMs }]) =>
        `fuzz ${kind}: ${sent} sent, ${asked} asked about, main thread held ${heldMs.toFixed(1)} ms at most`,
    );
    const answers = [...this.outcomes].map(([outcome, count]) => `${outcome}: ${count}`);
    return [...kinds, `fuzz answers: ${answers.join(", ")}`];
  }
}
