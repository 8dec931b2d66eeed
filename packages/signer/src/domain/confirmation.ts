import { type Address, checksummed } from "./address.ts";

/** What has to be typed for a yes to something critical. */
export interface Confirmation {
  /** The last characters of an address as the screen spells it. */
  readonly text: string;
  /** The label of the row in which the screen shows that address. */
  readonly at: string;
}

/** Few enough to type; nobody types them without having looked at the address. */
const chars = 4;

/** The end of an address that is shown in the row of this label. */
export function endOf(address: Address, at: string): Confirmation {
  return { text: checksummed(address).slice(-chars), at };
}
