import { parseJson } from "@cleft/protocol/json.ts";
import { addressOf } from "../../domain/fakes.ts";
import { limits } from "../../domain/limits.ts";
import { parseTypedData, type TypedData } from "./typed-data.ts";

/** Whose signature is asked for. */
export const account = { address: addressOf("a"), text: addressOf("a") };
/** Parses typed data from its text. */
export const parseText = (text: string) => parseTypedData(account, parseJson(text, limits.json));
/** Parses typed data from an object. */
export const parse = (value: unknown) => parseText(JSON.stringify(value));
const domain = { name: "t" };
/** The type of a domain that has a name. */
export const nameOnly = [{ name: "name", type: "string" }];

/** A message of one member `v` of a type, and the types beside it. */
export function one(type: string, v: unknown, types: object = {}) {
  return {
    types: { EIP712Domain: nameOnly, T: [{ name: "v", type }], ...types },
    ...{ primaryType: "T", domain, message: { v } },
  };
}

/** Parses {@link one} with a value that is written as JSON. */
export function messageText(type: string, json: string): TypedData {
  const text = JSON.stringify(one(type, "@"));
  return parseText(text.replace('"@"', json));
}
