import type { Hex } from "@cleft/protocol/hex.ts";
import { isObject, JsonNumber, type JsonObject } from "@cleft/protocol/json.ts";
import { Failure } from "../domain/failure.ts";

/** A field that must be an object. @throws Failure `keyfile.refused` */
export function child(object: JsonObject, name: string): JsonObject {
  const value = object.get(name);
  return isObject(value) ? value : refuse(`expected an object in ${name}`);
}

/** A whole number below 10^10, so that a product of four is exact enough to be compared. @throws the same */
export function integer(object: JsonObject, name: string): number {
  const value = object.get(name);
  if (!(value instanceof JsonNumber) || !/^\d{1,10}$/.test(value.text)) {
    return refuse(`expected a whole number in ${name}`);
  }
  return Number(value.text);
}

/** Hex digits without 0x, of `min` to `max` bytes. @throws the same */
export function bytes(
  object: JsonObject,
  name: string,
  { min, max }: { min: number; max: number },
): Hex {
  const value = object.get(name);
  if (typeof value !== "string" || !/^(?:[0-9a-fA-F]{2})*$/.test(value)) {
    return refuse(`expected hex digits in ${name}`);
  }
  const length = value.length / 2;
  if (length < min || length > max) refuse(`expected ${min} to ${max} bytes of ${name}`);
  return `0x${value.toLowerCase()}`;
}

/** Says why a key file isn't read. */
export function refuse(reason: string): never {
  throw new Failure("keyfile.refused", reason);
}
