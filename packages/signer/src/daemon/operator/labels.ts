import { join } from "node:path";
import { inert } from "@cleft/protocol/inert.ts";
import { isObject, parseJsonBytes } from "@cleft/protocol/json.ts";
import { type Address, parseAddress } from "../../domain/address.ts";
import { Failure } from "../../domain/failure.ts";
import { limits } from "../../domain/limits.ts";
import type { Store } from "../../store/store.ts";

export const labelsFile = "labels.json";

declare const brand: unique symbol;

/** The operator's own name of an account: one printable line. Empty means none. */
export type Label = string & { readonly [brand]: "Label" };

/** Parses a label. @throws Failure `usage` naming what is wrong with it */
export function parseLabel(untrusted: string): Label {
  const charsMax = limits.labelCharsMax;
  if ([...untrusted].length > charsMax) {
    throw new Failure("usage", `expected a label of at most ${charsMax} characters`);
  }
  if (
    untrusted !== untrusted.trim() ||
    inert(untrusted, { charsMax, ascii: false }) !== untrusted
  ) {
    throw new Failure("usage", "expected a label of visible characters and single spaces between", {
      hint: "letters of any script will do; line breaks, tabs and invisible marks will not",
    });
  }
  return untrusted as Label;
}

/** Names of accounts in `<configdir>/labels.json`: `{"0x…":"text"}`, sorted, private. */
export class Labels {
  private readonly path: string;
  private readonly store: Store;

  constructor({ configDir, store }: { readonly configDir: string; readonly store: Store }) {
    this.path = join(configDir, labelsFile);
    this.store = store;
  }

  /**
   * All labels; none if there is no file.
   * @throws Failure `store.refused` for a file that isn't one of labels, `store.failed`
   */
  async all(): Promise<ReadonlyMap<Address, Label>> {
    const rules = { bytesMax: limits.labelsBytesMax, private: true };
    const bytes = await this.store.read(this.path, rules);
    return bytes === undefined ? new Map() : this.parse(bytes);
  }

  /** The label of an account, or undefined. @throws the same */
  async of(account: Address): Promise<Label | undefined> {
    return (await this.all()).get(account);
  }

  /** Names an account, or takes its name away if the label is empty. @throws the same */
  async set(account: Address, label: Label): Promise<void> {
    const labels = new Map(await this.all());
    if (label === "") labels.delete(account);
    else labels.set(account, label);
    const sorted = [...labels].sort(([one], [other]) => (one < other ? -1 : 1));
    const text = `${JSON.stringify(Object.fromEntries(sorted), undefined, 2)}\n`;
    await this.store.replace(this.path, new TextEncoder().encode(text));
  }

  private parse(untrusted: Uint8Array): ReadonlyMap<Address, Label> {
    try {
      const file = parseJsonBytes(untrusted, limits.json);
      if (!isObject(file)) throw new Error("expected a JSON object");
      return new Map([...file].map(([address, text]) => parseEntry(address, text)));
    } catch (error) {
      throw new Failure("store.refused", `${this.path} can't be read as labels`, {
        hint: "mend it, or move it away: it holds nothing but names of accounts",
        cause: error,
      });
    }
  }
}

function parseEntry(untrustedAddress: string, untrusted: unknown): [Address, Label] {
  const address = parseAddress(untrustedAddress);
  if (address === undefined || typeof untrusted !== "string") {
    throw new Error("expected addresses with texts");
  }
  return [address, parseLabel(untrusted)];
}
