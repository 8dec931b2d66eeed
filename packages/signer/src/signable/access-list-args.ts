import type { Hex } from "@cleft/protocol/hex.ts";
import { isArray, isObject, type JsonValue } from "@cleft/protocol/json.ts";
import type { Address } from "../domain/address.ts";
import { limits } from "../domain/limits.ts";
import { describe, Fields, refuse, unknownNames } from "./fields.ts";

/** An entry of an access list (EIP-2930). */
export interface AccessTuple {
  readonly address: Address;
  readonly storageKeys: readonly Hex[];
}

/** The access list of an argument, in which null means absent. @throws Failure `params.invalid` */
export function parseAccessList(fields: Fields, name: string): readonly AccessTuple[] | undefined {
  const list = fields.array(name)?.map((item, at) => parseAccessTuple(item, `${name}[${at}]`));
  const entries = list?.reduce((sum, tuple) => sum + 1 + tuple.storageKeys.length, 0) ?? 0;
  if (entries > limits.accessListMax) {
    return fields.refuse(name, `expected at most ${limits.accessListMax} entries, got ${entries}`);
  }
  return list;
}

function parseAccessTuple(untrusted: JsonValue, path: string): AccessTuple {
  if (!isObject(untrusted)) return refuse(path, `expected an object, got ${describe(untrusted)}`);
  unknownNames(untrusted, ["address", "storageKeys"], { path });
  const address = new Fields(untrusted, path).parseAddress("address")?.address;
  const keys = untrusted.get("storageKeys");
  if (address === undefined) return refuse(path, "missing required field 'address'");
  if (!isArray(keys)) return refuse(path, "missing required field 'storageKeys'");
  return { address, storageKeys: keys.map((key) => parseStorageKey(key, path)) };
}

function parseStorageKey(untrusted: JsonValue, path: string): Hex {
  if (typeof untrusted !== "string" || !/^0[xX][0-9a-fA-F]{64}$/.test(untrusted)) {
    return refuse(`${path}.storageKeys`, `expected "0x" and 64 hex digits`);
  }
  return `0x${untrusted.slice(2).toLowerCase()}`;
}
