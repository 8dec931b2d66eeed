import { type Address, checksummed } from "./address.ts";

/** What has to be typed for a yes to something critical. */
export interface Confirmation {
  /** The last characters of an address. */
  readonly text: string;
  /** Which address that is, by the place where the screen shows it. */
  readonly of: string;
}

/** Few enough to type, and nobody types them without having looked at the address. */
const chars = 4;

/** The last characters of an address; `of` says where the screen shows it. */
export function endOf(address: Address, of: string): Confirmation {
  return { text: checksummed(address).slice(-chars), of };
}
