import { limits } from "../../packages/signer/src/domain/limits.ts";
import { type Way, yes, yesBut } from "./killing.ts";
import { slowDown } from "./slow-key.ts";

/** A payment that stands still: what its dapp will see, and what the window would say too late. */
export interface Held {
  readonly seen: Promise<string>;
  readonly late?: () => void;
}

export type Step =
  | "before the hello"
  | "before the acknowledgement"
  | "at the question"
  | "between yes and intent"
  | "between intent and outcome"
  | "between outcome and answer"
  | "after the answer";

/** More than all pipes and sockets on the way hold together. */
const longData = `0x${"00".repeat(limits.dataBytesMax)}`;
const someData = `0x${"00".repeat(10_000)}`;

/** Leads a payment to each step of its way and holds it there; `Way.release` lets go. */
export const steps: { readonly [step in Step]: (way: Way) => Promise<Held> } = {
  async "before the hello"(way) {
    way.window.answerer = yesBut("ui_approveTx");
    way.signal("SIGSTOP", "signer");
    const seen = way.pay();
    await way.carried(60);
    return { seen };
  },

  async "before the acknowledgement"(way) {
    way.window.answerer = yesBut("ui_approveTx");
    await way.ask("account_version", []);
    way.signal("SIGSTOP", "signer");
    const before = way.written();
    const seen = way.pay(someData);
    await way.carried(before + someData.length);
    return { seen };
  },

  "at the question": (way) => heldAt("ui_approveTx", way),

  "between yes and intent": (way) => heldAt("ui_onInputRequired", way),

  async "between intent and outcome"(way) {
    slowDown(way.qubes.home);
    const seen = way.pay();
    await way.recorded("intent");
    way.signal("SIGSTOP", "signer");
    return { seen };
  },

  async "between outcome and answer"(way) {
    const { seen, late } = await heldAt("ui_approveTx", way, longData);
    way.signal("SIGSTOP", "wrapper");
    way.window.answerer = yes;
    late?.();
    await way.recorded("outcome");
    return { seen };
  },

  async "after the answer"(way) {
    const seen = way.pay();
    await seen;
    return { seen };
  },
};

/** Holds a payment at a message to the window. */
async function heldAt(method: string, way: Way, data?: string): Promise<Held> {
  const { window } = way;
  window.answerer = yesBut(method);
  const asked = window.next(method);
  const seen = way.pay(data);
  const message = await asked;
  return { seen, late: () => window.answer(message.id, yes(message)) };
}
