import type { Finding } from "../../domain/finding.ts";

/** What the `operation` of a Safe's transaction means that isn't a plain call. */
export const delegatecallFinding: Finding = {
  severity: "critical",
  message: "a delegatecall: the called code can do anything as the Safe",
  source: "cleft",
};
