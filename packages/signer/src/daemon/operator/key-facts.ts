import { basename } from "node:path";
import type { Address } from "../../domain/address.ts";
import { describeKdf, isWeak } from "../../vault/kdf.ts";
import { creationOf } from "../../vault/keyfile.ts";
import type { FiledKey } from "../../vault/source/folder.ts";

/** What is known of a key file without its password. Plain data; the path may hold anything. */
export interface KeyFacts {
  readonly address: Address;
  readonly path: string;
  /** Version, cipher and derivation, e.g. `version 3, aes-128-ctr, scrypt n=262144 r=8 p=1`. */
  readonly encryption: string;
  /** By the file's name, e.g. `2026-11-22 06:31:43Z`; undefined if it doesn't tell. */
  readonly created: string | undefined;
  /** What the operator should mend. */
  readonly warnings: readonly string[];
}

/** Describes all key files of a directory, which must be together: two of one account are a fault. */
export function keyFactsOf(files: readonly FiledKey[]): readonly KeyFacts[] {
  const counts = new Map<Address, number>();
  for (const { keyFile } of files) {
    counts.set(keyFile.address, (counts.get(keyFile.address) ?? 0) + 1);
  }
  return files.map(({ path, keyFile: { address, sealed } }) => ({
    address,
    path,
    encryption: `version ${sealed.cipher === "aes-128-ctr" ? 3 : 1}, ${sealed.cipher}, ${describeKdf(sealed.kdf)}`,
    created: creationOf(basename(path)),
    warnings: [
      ...twinWarning(counts.get(address) ?? 1),
      ...(isWeak(sealed.kdf) ? [weakWarning] : []),
    ],
  }));
}

/** The password may be the best: what is weak is how much work one guess at it takes. */
const weakWarning =
  "light key derivation, guesses at the password are cheap: cleft account passwd without --lightkdf";

function twinWarning(count: number): string[] {
  if (count === 1) return [];
  return [`${count} files hold this account, it can't sign: move all but one away`];
}
