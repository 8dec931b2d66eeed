import type { CallerIdentity } from "./caller.ts";
import type { Confirmation } from "./confirmation.ts";

/** How much a finding matters. Only critical ones must be confirmed by hand. */
export type Severity = "info" | "warning" | "critical";

/** The words by which findings are told apart; the whole screen colours them as well. */
export const severityLabels: Readonly<Record<Severity, string>> = {
  critical: "!! CRITICAL",
  warning: "!  warning",
  info: "note",
};

/**
 * Something that a person or a policy should know about a request. `clef` marks the sentences of
 * Clef's own catalogue: in its default mode these, and only these, reject by themselves.
 */
export interface Finding {
  readonly severity: Severity;
  readonly message: string;
  readonly source: "clef" | "cleft";
  /** What confirms it if that isn't the recipient: the end of whom it gives something to. */
  readonly confirmation?: Confirmation;
}

/** A sentence of Clef's own catalogue. */
export function clefFinding(severity: Severity, message: string): Finding {
  return { severity, message, source: "clef" };
}

/** What Cleft notices beyond it. */
export function cleftFinding(severity: Severity, message: string): Finding {
  return { severity, message, source: "cleft" };
}

/** `reject`: a warning of Clef's catalogue rejects, as it does there. `show`: a person decides. */
export type FindingsMode = "reject" | "show";

/** What holds for callers of each way in. */
export type FindingsModes = Readonly<Record<CallerIdentity["kind"], FindingsMode>>;
