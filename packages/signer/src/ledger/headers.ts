import { limits } from "../domain/limits.ts";
import type { Entry, RecordHead } from "./record.ts";

/** A header that an account may have signed: the number of its block, and the hash that is signed. */
export interface SignedHeader {
  readonly account: string;
  readonly block: string;
  readonly preimage: string;
}

/**
 * Which headers of Clique networks there are intents of: a fold over the ledger. Of each account it
 * remembers the last ones.
 */
export class RecordedHeaders {
  /** Of each account, by block: the hashes. */
  private readonly blocks = new Map<string, Map<string, Set<string>>>();

  /** Sees a record of the ledger when it is opened. */
  see({ type, fields }: RecordHead): void {
    const [kind, account, block, preimage] = ["kind", "account", "block", "preimage"].map((name) =>
      fields.get(name),
    );
    if (type !== "intent" || kind !== "clique" || typeof account !== "string") return;
    if (typeof block === "string" && typeof preimage === "string") {
      this.add({ account, block, preimage });
    }
  }

  /** Sees an entry that is about to be recorded; if that fails it stays, which only warns. */
  follow(entry: Entry): void {
    if (entry.type !== "intent" || entry.block === undefined) return;
    const { account, block, preimage } = entry;
    this.add({ account, block, preimage });
  }

  /** Whether another header of the same number may have been signed. */
  hasOther({ account, block, preimage }: SignedHeader): boolean {
    const hashes = this.blocks.get(account)?.get(block) ?? new Set();
    return [...hashes].some((hash) => hash !== preimage);
  }

  private add({ account, block, preimage }: SignedHeader): void {
    const blocks = this.blocks.get(account) ?? new Map<string, Set<string>>();
    this.blocks.set(account, blocks);
    const hashes = blocks.get(block) ?? new Set<string>();
    blocks.set(block, hashes);
    // Two tell all: whatever comes, another one is there.
    if (hashes.size < 2) hashes.add(preimage);
    const [oldest] = blocks.keys();
    if (blocks.size > limits.headersRemembered && oldest !== undefined) blocks.delete(oldest);
  }
}
