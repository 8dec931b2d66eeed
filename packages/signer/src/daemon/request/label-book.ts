import type { Address } from "../../domain/address.ts";
import { Failure } from "../../domain/failure.ts";
import type { Log } from "../../domain/log.ts";
import type { Label, Labels } from "../operator/labels.ts";

/** Where the operator's names of accounts are looked up for a screen. */
export interface LabelBook {
  /** All of them, as they are now. Never fails. */
  known(): Promise<ReadonlyMap<Address, Label>>;
}

/** Knows no name. */
export const noLabels: LabelBook = { known: async () => new Map() };

/** Names are a help and no condition: while they can't be read there are none, which is logged once. */
export function labelBook(labels: Pick<Labels, "all">, log: Log): LabelBook {
  let isBroken = false;
  return {
    async known() {
      try {
        const all = await labels.all();
        isBroken = false;
        return all;
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        if (!isBroken) log.warn("The labels can't be shown", { reason: error.message });
        isBroken = true;
        return new Map();
      }
    },
  };
}
