import { expect, test } from "vitest";
import { addressOf } from "../domain/fakes.ts";
import { readCalldata } from "./calldata.ts";
import { unclearFindings } from "./checks/unclear.ts";
import { callFields } from "./payment.ts";
import { methodsAmong } from "./selectors.ts";

const to = addressOf("b");
const twins = ["burn(uint256)", "collate_propagate_storage(bytes16)"];
const burn = (word: string) => `0x42966c68${word}` as const;
const one = burn(`${"0".repeat(63)}1`);
const either = burn(`1${"0".repeat(63)}`);

const read = (data: `0x${string}`, claimed?: string) =>
  readCalldata(data, claimed, methodsAmong(twins));
const fields = (data: `0x${string}`, claimed?: string) =>
  callFields({ to, data }, read(data, claimed));

test("callFields() says that a name was guessed from its selector", () => {
  expect(fields(one)).toEqual([
    { label: "call", value: "burn(uint256) (guessed from its selector)", claim: false },
    { label: "  argument 1", value: "1", claim: false },
  ]);
});

test("callFields() quotes a caller's signature as a claim, also if the file has it", () => {
  expect(fields(one, "burn(uint256)")[0]).toEqual({
    ...{ label: "call", value: "burn(uint256)", claim: true },
  });
});

test("callFields() shows every call that the data is, and a warning says that there are several", () => {
  expect(fields(either).map(({ label, value }) => [label, value.split("(")[0]])).toEqual([
    ["call", "burn"],
    ["  argument 1", String(2n ** 252n)],
    ["or call", "collate_propagate_storage"],
    ["  argument 1", `0x1${"0".repeat(31)}`],
  ]);
  expect(unclearFindings(read(either))).toEqual([
    expect.objectContaining({
      ...{ severity: "warning", source: "cleft" },
      message: expect.stringContaining(twins.join(" or ")),
    }),
  ]);
  expect(unclearFindings(read(one))).toEqual([]);
});

test("callFields() says of the largest number that it is the largest", () => {
  const largest = (2n ** 256n - 1n).toString(16);
  const [, argument] = fields(`0x42966c68${largest}`, "burn(uint256)");
  expect(argument?.value).toBe(`${2n ** 256n - 1n} (the largest uint256)`);
});
