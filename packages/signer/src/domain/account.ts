import { type Address, checksummed } from "./address.ts";
import { Failure } from "./failure.ts";

/** An account and where its key lies, e.g. `keystore:///home/user/.ethereum/keystore/UTC--…`. */
export interface Account {
  readonly address: Address;
  readonly url: string;
}

/** An account with the operator's name of it, if it has one. */
export interface NamedAccount extends Account {
  readonly label: string | undefined;
}

/** How an address and the operator's name of it stand on a screen. */
export function withLabel(address: string, label: string | undefined): string {
  return label === undefined ? address : `${address} (your "${label}")`;
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

/** Nobody here has the key of an account. */
export function noKeyFor(account: Address): Failure {
  return new Failure("account.unknown", `no key for ${checksummed(account)}`, {
    hint: "list the keys with cleft list-accounts",
  });
}

/** A file too many: which of them is meant can't be told. */
export function tooManyKeysFor(account: Address, count: number): Failure {
  return new Failure("account.ambiguous", `${count} key files for ${checksummed(account)}`, {
    hint: "move all but one of them out of the keystore",
  });
}
