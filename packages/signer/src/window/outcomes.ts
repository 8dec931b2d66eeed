import type { Notice } from "../approval/window.ts";
import { pathOf } from "../domain/account.ts";
import { checksummed } from "../domain/address.ts";

/** A notice of how a request ended. */
export type Outcome = Extract<
  Notice,
  { kind: "signed" | "signed-data" | "created" | "complaint" | "failed" }
>;

/** How a request ended, in a word and a text that may hold a path or a stranger's words. */
export interface Said {
  readonly said: string;
  readonly text: string;
}

/** Says an outcome; undefined for what the person has just decided and needn't be told. */
export function sayOutcome(outcome: Outcome): Said | undefined {
  switch (outcome.kind) {
    case "signed":
      return { said: "Signed", text: outcome.result.tx.hash };
    case "signed-data":
      return { said: "Signed", text: `with ${checksummed(outcome.account)}` };
    case "created": {
      const { address, url } = outcome.account;
      const advice = "back this file up, and remember its password";
      return { said: "Created", text: `${checksummed(address)} in ${pathOf(url)}: ${advice}` };
    }
    case "complaint":
      return { said: "Try again", text: outcome.text };
    case "failed":
      return outcome.agreed ? { said: "Not signed", text: outcome.text } : undefined;
  }
}
