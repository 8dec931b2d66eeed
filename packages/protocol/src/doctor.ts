/** What one check of a doctor found, and what to do about it. */
export interface Finding {
  readonly state: "ok" | "warn" | "wrong";
  readonly what: string;
  readonly hint?: string;
}

export const ok = (what: string): Finding => ({ state: "ok", what });
export const warn = (what: string, hint?: string): Finding => ({
  ...{ state: "warn", what },
  ...(hint === undefined ? {} : { hint }),
});
export const wrong = (what: string, hint: string): Finding => ({ state: "wrong", what, hint });

/** What a doctor calls the three states. */
export type StateWords = Readonly<Record<Finding["state"], string>>;

/** The line of a finding: its state in a column, then the text. */
export function findingLine(words: StateWords, state: Finding["state"], text: string): string {
  return `${words[state].padEnd(6)} ${text}`;
}

/** How many findings say that something has to be done. */
export function countWrong(findings: readonly Finding[]): number {
  return findings.filter(({ state }) => state === "wrong").length;
}
