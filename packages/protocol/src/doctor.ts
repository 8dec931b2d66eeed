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
const words: Readonly<Record<Finding["state"], string>> = {
  ok: "ok",
  warn: "warn",
  wrong: "WRONG",
};

/** The lines of a finding: its state in a column and what is so; below, what to do. */
export function findingLines({ state, what, hint }: Finding): readonly string[] {
  const line = `${words[state].padEnd(6)} ${what}`;
  return hint === undefined ? [line] : [line, `       do: ${hint}`];
}

/** What all findings come to, if something has to be done; undefined if nothing has to. */
export function verdictOn(findings: readonly Finding[]): string | undefined {
  const count = findings.filter(({ state }) => state === "wrong").length;
  return count === 0 ? undefined : `${count} of ${findings.length} checks failed`;
}
