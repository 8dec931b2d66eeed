import { Interface } from "ethers";
import { expect, test } from "vitest";
import { limits } from "../../domain/limits.ts";
import { readCalldata } from "../calldata.ts";
import { argumentFields } from "../payment.ts";
import { standardMethodsOf } from "../selectors.ts";
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

test("argumentFields() cuts nothing", () => {
  const long = `[${Array.from({ length: 500 }, (_, at) => `${at}`).join(" ")}]`;
  const fields = argumentFields(["1", long]);
  expect(fields.map(({ value }) => value).join("")).toBe(`1${long}`);
  expect(fields.slice(0, 3).map(({ label }) => label)).toEqual([
    "  argument 1",
    "  argument 2",
    "",
  ]);
});

test("readCalldata() takes no call apart that has more values than anybody reads", () => {
  const values = (count: number) => Array.from({ length: count }, () => 1n);
  expect(read(values(limits.abiValuesMax - 1), "f(uint256[])").kind).toBe("decoded");
  const { kind, ...rest } = read(values(limits.abiValuesMax), "f(uint256[])");
  expect([kind, rest]).toMatchObject(["mismatch", { reason: expect.stringContaining("too many") }]);
});
