import { parseJson } from "@cleft/protocol/json.ts";
import { encodeRlp } from "ethers";
import { Failure } from "../domain/failure.ts";
import { addressOf } from "../domain/fakes.ts";
import { type CliqueHeader, parseCliqueHeader } from "./clique.ts";
import { Fields } from "./fields.ts";

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

/** The fields of an object whose `x` is the given JSON text. */
export function fieldsOf(json: string): Fields {
  const object = parseJson(`{"x":${json}}`, { depthMax: 10, valuesMax: 100_000 });
  if (!(object instanceof Map)) throw new Error("no object");
  return new Fields(object);
}

/** Runs a parser on `x` and returns the message of its refusal. */
export function fieldRefusal(json: string, parse: (fields: Fields) => unknown): string {
  try {
    parse(fieldsOf(json));
  } catch (error) {
    if (error instanceof Failure && error.code === "params.invalid") return error.message;
    throw error;
  }
  throw new Error(`${json} was accepted`);
}
