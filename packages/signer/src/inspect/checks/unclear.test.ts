import { Interface } from "ethers";
import { expect, test } from "vitest";
import { limits } from "../../domain/limits.ts";
import { readCalldata } from "../calldata.ts";
import { argumentFields } from "../payment.ts";
import { selectorOf, standardMethodsOf } from "../selectors.ts";
import { unclearFindings } from "./unclear.ts";

function read(argument: unknown, signature: string) {
  const data = new Interface([`function ${signature}`]).encodeFunctionData("f", [argument]);
  return readCalldata(`0x${data.slice(2)}`, signature, standardMethodsOf);
}

test("unclearFindings() warns of a call that is too long to be shown, and of no shorter one", () => {
  const bytes = (count: number): `0x${string}` => `0x${"ab".repeat(count)}`;
  const most = (limits.shownCharsMax * limits.shownTextLines - 2) / 2;
  expect(unclearFindings(read(bytes(most), "f(bytes)"))).toEqual([]);
  expect(unclearFindings(read(bytes(most + 1), "f(bytes)"))).toEqual([
    expect.objectContaining({ severity: "warning", message: expect.stringContaining("too long") }),
  ]);
});

test("argumentFields() shows each element of a list by itself, and cuts nothing", () => {
  const call = read([["0x01", "0x"], []], "f(bytes[][])");
  if (call.kind !== "decoded") throw new Error(call.kind);
  expect(argumentFields(call.calls[0]).map(({ label, value }) => [label, value])).toEqual([
    ["  argument 1", "a list of 2"],
    ["    [0][0]", "0x01"],
    ["    [0][1]", "0x"],
    ["    [1]", "an empty list"],
  ]);
});

test("argumentFields() tells two texts apart that differ in a mark that nobody sees", () => {
  const shown = ["abc", "\ufeffabc"].map((text) => {
    const call = read(text, "f(string)");
    if (call.kind !== "decoded") throw new Error(call.kind);
    return argumentFields(call.calls[0])[0]?.value;
  });
  expect(shown).toEqual(["abc", "\ufeffabc"]);
});

test("argumentFields() makes one line more than may be shown, and no further one", () => {
  const ones = Array.from({ length: limits.shownTextLines + 50 }, () => 1n);
  const call = read(ones, "f(uint256[])");
  if (call.kind !== "decoded") throw new Error(call.kind);
  expect(argumentFields(call.calls[0])).toHaveLength(limits.shownTextLines + 1);
  expect(unclearFindings(call)).toHaveLength(1);
});

test("readCalldata() takes no call apart that has more values than anybody reads", () => {
  const values = (count: number) => Array.from({ length: count }, () => 1n);
  expect(read(values(limits.abiValuesMax - 1), "f(uint256[])").kind).toBe("decoded");
  const { kind, ...rest } = read(values(limits.abiValuesMax), "f(uint256[])");
  expect([kind, rest]).toMatchObject(["mismatch", { reason: expect.stringContaining("too many") }]);
});

test.each([100, 1990])("readCalldata() doesn't write out %i copies of one long place", (count) => {
  const word = (n: number) => n.toString(16).padStart(64, "0");
  const long = 190_000;
  const body = word(32) + word(count) + word(32 * count).repeat(count) + word(long);
  const data =
    `0x${selectorOf("f(bytes[])")}${body}${"ab".repeat(32 * Math.ceil(long / 32))}` as const;
  const { kind, ...rest } = readCalldata(data, "f(bytes[])", standardMethodsOf);
  expect([kind, rest]).toMatchObject([
    "mismatch",
    { reason: expect.stringContaining("one place is used twice") },
  ]);
  expect(JSON.stringify(rest).length).toBeLessThan(10_000);
});
