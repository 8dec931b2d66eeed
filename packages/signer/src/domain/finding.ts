/** How much a finding matters. Only critical ones must be confirmed by hand. */
export type Severity = "info" | "warning" | "critical";

/**
 * Something that a person or a policy should know about a request. `clef` marks the sentences of
 * Clef's own catalogue: in its default mode these, and only these, reject by themselves.
 */
export interface Finding {
  readonly severity: Severity;
  readonly message: string;
  readonly source: "clef" | "cleft";
}
