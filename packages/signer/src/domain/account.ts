import type { Address } from "./address.ts";

/** An account and where its key lies, e.g. `keystore:///home/user/.ethereum/keystore/UTC--…`. */
export interface Account {
  readonly address: Address;
  readonly url: string;
}

const keystoreScheme = "keystore://";

/** The URL of a key file, as Clef writes it. */
export function urlOf(path: string): string {
  return keystoreScheme + path;
}

/** The path in a URL of {@link urlOf}, for whoever owns the file. */
export function pathOf(url: string): string {
  return url.slice(keystoreScheme.length);
}
