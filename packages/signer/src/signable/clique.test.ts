import { encodeRlp, keccak256 } from "ethers";
import fc from "fast-check";
import { expect, test } from "vitest";
import { addressOf, failure } from "../domain/fakes.ts";
import { cliqueForm, parseCliqueHeader } from "./clique.ts";
import { cliqueFields } from "./fakes.ts";

const account = { address: addressOf("a"), text: addressOf("a") };
const zeros = (bytes: number) => `0x${"00".repeat(bytes)}`;
const header = [...cliqueFields];
const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex.slice(2), "hex"));
const parse = (fields: (string | string[])[]) =>
  parseCliqueHeader(account, bytesOf(encodeRlp(fields)));
const changed = (at: number, value: string | string[]) =>
  header.map((field, place) => (place === at ? value : field));

test("parseCliqueHeader() reads every field, and what is signed is what was sent", () => {
  const parsed = parse(header);
  expect(parsed.number).toBe(100n);
  expect(parsed.fields.find(({ name }) => name === "gas limit")?.text).toBe("8000000");
  expect(parsed.fields.map(({ text }) => text)).toContain("0xaabb");
  const form = cliqueForm(parsed);
  expect(form.preimage).toEqual(bytesOf(encodeRlp(header)));
  expect(form.firstV).toBe(0);
  const sealed = changed(12, `0xaabb${"00".repeat(65)}`);
  expect(form.messages).toEqual([
    {
      name: "Clique header",
      value: `clique header 100 [${keccak256(encodeRlp(sealed))}]`,
      type: "clique",
    },
  ]);
  expect(parse([...header, "0x07"]).fields.at(-1)).toEqual({ name: "base fee", text: "7" });
});

test.each([
  ["a short hash", changed(0, zeros(31))],
  ["a long nonce", changed(14, zeros(9))],
  ["a zero in front of a number", changed(8, "0x0064")],
  ["a number that is too large", changed(9, `0x${"ff".repeat(9)}`)],
  ["a list in a list", changed(12, ["0x01"])],
  ["a field too few", header.slice(0, 14)],
  ["no field", []],
])("parseCliqueHeader() refuses %s", (_name, fields) => {
  expect(() => parse(fields)).toThrow(expect.objectContaining(failure("data.refused", "rlp: ")));
});

test("parseCliqueHeader() refuses fields that the header of a later fork has as no parameter", () => {
  expect(() => parse([...header, "0x07", zeros(32)])).toThrow(
    expect.objectContaining(failure("params.invalid", "invalid argument 2: a Clique header")),
  );
});

test("parseCliqueHeader() always answers", () => {
  const whole = bytesOf(encodeRlp(header));
  const damaged = fc
    .tuple(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 }), fc.nat({ max: whole.length }))
    .map(([at, byte, end]) => whole.map((old, place) => (place === at ? byte : old)).slice(0, end));
  fc.assert(
    fc.property(fc.oneof(damaged, fc.uint8Array()), (bytes) => {
      try {
        expect(cliqueForm(parseCliqueHeader(account, bytes)).preimage).toBe(bytes);
      } catch (error) {
        expect(error).toMatchObject({ name: "Failure" });
      }
    }),
  );
});
