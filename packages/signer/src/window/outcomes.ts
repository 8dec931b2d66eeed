import type { About, Notice } from "../approval/window.ts";
import { pathOf } from "../domain/account.ts";
import { checksummed } from "../domain/address.ts";
import { spokenCaller } from "../domain/spoken.ts";
import { termsOf } from "./clock-time.ts";

/** A notice of how a request ended, or of what the operator did. */
export type Outcome = Extract<
  Notice,
  { kind: "lock" | "grant" | "signed" | "signed-data" | "created" | "complaint" | "failed" }
>;

/** What happened, in a word and a text that may hold a path or a stranger's words. */
export interface Said {
  readonly said: string;
  readonly text: string;
}

/** Says what happened; undefined for what the person has just decided and needn't be told. */
export function sayOutcome(outcome: Outcome): Said | undefined {
  switch (outcome.kind) {
    case "lock":
      return outcome.locked
        ? { said: "Locked", text: "whatever waits or comes is refused until cleft unlock" }
        : { said: "Unlocked", text: "requests are asked about again" };
    case "grant":
      return sayGrant(outcome);
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
      return outcome.agreed ? { said: notDone[outcome.about], text: reasonOf(outcome) } : undefined;
  }
}

function sayGrant({ grant, change }: Extract<Outcome, { kind: "grant" }>): Said | undefined {
  const what = `${checksummed(grant.account)} for ${spokenCaller(grant.caller)}`;
  switch (change) {
    case "begun":
      return { said: "Unlocked", text: `${what}: no password is asked ${termsOf(grant)}` };
    case "used":
      return undefined;
    case "ended":
      return { said: "Unlock end", text: `${what}: this unlocking is over` };
  }
}

/** What became of a yes. */
const notDone: Readonly<Record<About, string>> = {
  transaction: "Not signed",
  data: "Not signed",
  listing: "Not told",
  account: "Not made",
};

/** A person has typed the password and needs no word for what failed to be decrypted by it. */
function reasonOf({ code, text }: Extract<Outcome, { kind: "failed" }>): string {
  return code === "password.wrong" ? "wrong password" : text;
}
