import { encodeRlp } from "ethers";
import { addressOf } from "../domain/fakes.ts";
import { type CliqueHeader, parseCliqueHeader } from "./clique.ts";

const account = { address: addressOf("a"), text: addressOf("a") };
const zeros = (bytes: number) => `0x${"00".repeat(bytes)}`;

/** The fields of the header of block 100, as RLP has them. */
export const cliqueFields: readonly string[] = [
  ...[zeros(32), zeros(32), zeros(20), zeros(32), zeros(32), zeros(32), zeros(256)],
  ...["0x02", "0x64", "0x7a1200", "0x", "0x6553f100", "0xaabb", zeros(32), zeros(8)],
];

/** A header of block 100; another `extra` makes it another one. */
export function cliqueHeader(extra = "0xaabb"): CliqueHeader {
  const fields = cliqueFields.map((field, at) => (at === 12 ? extra : field));
  return parseCliqueHeader(account, Buffer.from(encodeRlp(fields).slice(2), "hex"));
}
