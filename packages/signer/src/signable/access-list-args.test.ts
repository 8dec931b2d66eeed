import { expect, test } from "vitest";
import { limits } from "../domain/limits.ts";
import { parseAccessList } from "./access-list-args.ts";
import { fieldRefusal, fieldsOf } from "./fakes.ts";
import type { Fields } from "./fields.ts";

const mixed = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
const address = mixed.toLowerCase();
const slot = `0x${"0".repeat(63)}1`;
const parseX = (fields: Fields) => parseAccessList(fields, "x");

test("parseAccessList() reads entries in their order, twins included", () => {
  const entry = `{"address":"${mixed}","storageKeys":["${slot}","${slot}"]}`;
  const bare = `{"storageKeys":[],"address":"${mixed}"}`;
  expect(parseX(fieldsOf(`[${entry},${bare},${entry}]`))).toEqual([
    { address, storageKeys: [slot, slot] },
    { address, storageKeys: [] },
    { address, storageKeys: [slot, slot] },
  ]);
  expect(parseX(fieldsOf("[]"))).toEqual([]);
  expect(parseX(fieldsOf("null"))).toBeUndefined();
});

test.each([
  ["an object", "{}"],
  ["a text", '"[]"'],
  ["null inside", "[null]"],
  ["an entry without address", '[{"storageKeys":[]}]'],
  ["an entry with a null address", '[{"address":null,"storageKeys":[]}]'],
  ["an entry without keys", `[{"address":"${mixed}"}]`],
  ["an entry with null keys", `[{"address":"${mixed}","storageKeys":null}]`],
  ["a short key", `[{"address":"${mixed}","storageKeys":["0x01"]}]`],
  ["a key that is a number", `[{"address":"${mixed}","storageKeys":[1]}]`],
  ["a key without prefix", `[{"address":"${mixed}","storageKeys":["${slot.slice(2)}"]}]`],
  ["an address in other capitals", `[{"Address":"${mixed}","storageKeys":[]}]`],
])("parseAccessList() refuses %s", (_name, json) => {
  expect(fieldRefusal(json, parseX)).toContain("invalid argument 0");
});

test.each(["Address", "StorageKeys", "storagekeys"])(
  "parseAccessList() refuses an entry that also has %s, as Clef would sign that one",
  (name) => {
    const twin = name === "Address" ? `"0x${"0".repeat(40)}"` : `["${slot}"]`;
    const entry = `{"address":"${mixed}","storageKeys":[],"${name}":${twin}}`;
    expect(fieldRefusal(`[${entry}]`, parseX)).toContain(name);
  },
);

test("parseAccessList() counts addresses and keys against the limit", () => {
  const list = (keys: number) =>
    `[{"address":"${mixed}","storageKeys":[${Array(keys).fill(`"${slot}"`).join(",")}]}]`;
  const most = limits.accessListMax - 1;
  expect(parseX(fieldsOf(list(most)))).toHaveLength(1);
  expect(fieldRefusal(list(most + 1), parseX)).toContain("at most");
});
