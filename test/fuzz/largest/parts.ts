import { keccak256, toBytes } from "viem";
import { limits } from "../../../packages/signer/src/domain/limits.ts";
import { payment, sampleAccounts } from "../../support/signer.ts";

/** Bodies by what is large in them. */
export type Bodies = Readonly<Record<string, () => string>>;

export const [account] = sampleAccounts;
/** What is left of the largest body beside the rest of a request. */
export const room: number = limits.bodyBytesMax - 400;

/** A unit as often as it goes into so many characters. */
export const fill = (unit: string, chars: number): string =>
  unit.repeat(Math.floor(chars / unit.length));
export const times = <T>(count: number, make: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at));
export const word = (n: number | bigint): string => n.toString(16).padStart(64, "0");
export const addressAt = (at: number): string => `0x${keccak256(toBytes(`${at}`)).slice(2, 42)}`;

export function request(method: string, ...params: unknown[]): string {
  return JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
}

/** The text of a request with parameters as they stand. */
export const raw = (params: string): string =>
  `{"jsonrpc":"2.0","id":1,"method":"account_version","params":${params}}`;

export const sign = (fields: object, selector: string | null = null): string =>
  request("account_signTransaction", { ...payment(), ...fields }, selector);

/** Data with the selector of a method, as long as may be. */
export function callOf(signature: string, body: (words: number) => string): string {
  const selector = keccak256(toBytes(signature)).slice(0, 10);
  return `${selector}${body(Math.floor((limits.dataBytesMax - 4) / 32))}`;
}

/** The argument of a method that is one list, of as many items as are read. */
export const listOf =
  (item: (at: number) => string, count = limits.abiValuesMax - 1) =>
  (): string =>
    word(32) + word(count) + times(count, item).join("");
