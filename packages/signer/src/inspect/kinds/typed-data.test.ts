import { parseJson } from "@cleft/protocol/json.ts";
import { describe, expect, test } from "vitest";
import { addressOf } from "../../domain/fakes.ts";
import { limits } from "../../domain/limits.ts";
import { parseTypedData } from "../../signable/typed-data/typed-data.ts";
import { inspectTypedData } from "./typed-data.ts";

const address = addressOf("a");
const token = "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48";

function review(changes: object = {}) {
  const typed = {
    types: {
      EIP712Domain: [
        { name: "name", type: "string" },
        { name: "chainId", type: "uint256" },
        { name: "verifyingContract", type: "address" },
      ],
      Permit: [
        { name: "spender", type: "address" },
        { name: "details", type: "Details[]" },
      ],
      Details: [
        { name: "amount", type: "uint256" },
        { name: "tags", type: "string[]" },
      ],
    },
    primaryType: "Permit",
    domain: { name: "USD Coin", chainId: 1, verifyingContract: token },
    message: {
      spender: token,
      details: [
        { amount: "1", tags: ["a", "b"] },
        { amount: "2", tags: [] },
      ],
    },
    ...changes,
  };
  const account = { address, text: address };
  return inspectTypedData(parseTypedData(account, parseJson(JSON.stringify(typed), limits.json)));
}

const text = (v: string) => ({
  types: {
    EIP712Domain: [{ name: "name", type: "string" }],
    T: [{ name: "v", type: "string" }],
  },
  ...{ primaryType: "T", domain: { name: "x".repeat(90) }, message: { v } },
});

describe("inspectTypedData()", () => {
  test("inspectTypedData() shows every value with its path, each element of each list", () => {
    const { headline, fields, data } = review();
    expect(headline).toBe('Sign Permit for "USD Coin" on Ethereum (chain 1)');
    expect(fields.slice(1).map(({ label, value }) => [label, value])).toEqual([
      ["domain.name", "USD Coin"],
      ["domain.chainId", "1"],
      ["domain.verifyingContract", token],
      [".spender", token],
      [".details[0].amount", "1"],
      [".details[0].tags[0]", "a"],
      [".details[0].tags[1]", "b"],
      [".details[1].amount", "2"],
      [".details[1].tags", "an empty list"],
    ]);
    expect(data).toBe("0x");
  });

  test("inspectTypedData() shows the type as it is hashed, and the hashes to compare", () => {
    const details = new Map(review().details.map(({ label, value }) => [label, value]));
    expect(details.get("type")).toBe(
      "Permit(address spender,Details[] details)Details(uint256 amount,string[] tags)",
    );
    for (const name of ["digest", "domain hash", "message hash"]) {
      expect(details.get(name)).toMatch(/^0x[0-9a-f]{64}$/);
    }
  });

  test("inspectTypedData() hides no part of a long text, whatever it is made of", () => {
    const long = `${"\u{1f680}x".repeat(2000)}END`;
    const { fields, headline } = review(text(long));
    const values = fields.slice(2).map(({ value }) => value);
    expect(values.join("")).toBe(long);
    expect(Math.max(...values.map((value) => [...value].length))).toBeLessThanOrEqual(600);
    expect(headline).toBe(`Sign T for "${"x".repeat(80)}\u2026"`);
  });

  test.each([
    ["uint160", 2n ** 160n - 1n, true],
    ["uint256", 2n ** 256n - 1n, true],
    ["uint256", 2n ** 256n - 2n, false],
    ["uint48", 2n ** 48n - 1n, true],
    ["uint8", 255n, false],
    ["int256", 2n ** 255n - 1n, false],
  ])("inspectTypedData() names the largest %s: %i", (type, value, isNamed) => {
    const types = { EIP712Domain: [{ name: "name", type: "string" }], T: [{ name: "v", type }] };
    const domain = { name: "x" };
    const message = { v: String(value) };
    const { fields } = review({ types, primaryType: "T", domain, message });
    const shown = isNamed ? `${value} (the largest ${type})` : String(value);
    expect(fields.at(-1)).toEqual({ label: ".v", value: shown, claim: false });
  });

  test.each([
    ["uint256", "value", 2n ** 256n - 1n, "critical"],
    ["uint256", "value", 2n ** 256n - 2n, "critical"],
    ["uint160", "amount", 2n ** 160n - 1n, "critical"],
    ["uint256", "value", 10n ** 24n, "warning"],
    ["uint256", "deadline", 2n ** 256n - 1n, "warning"],
    ["uint256", "tokenId", 2n ** 200n, "warning"],
    ["bool", "allowed", true, "critical"],
    ["bool", "allowed", false, "warning"],
  ])("inspectTypedData() judges a permit with the %s %s %s", (type, name, value, severity) => {
    const types = {
      EIP712Domain: [{ name: "chainId", type: "uint256" }],
      Permit: [{ name, type }],
    };
    const shown = typeof value === "bigint" ? String(value) : value;
    const message = { [name]: shown };
    const { findings } = review({ types, primaryType: "Permit", domain: { chainId: 1 }, message });
    expect(findings[0]?.severity).toBe(severity);
  });

  test.each([
    ["0", []],
    ["1", ["critical"]],
    ["2", ["critical"]],
  ])("inspectTypedData() judges a Safe's transaction with the operation %s", (operation, more) => {
    const types = {
      EIP712Domain: [
        { name: "chainId", type: "uint256" },
        { name: "verifyingContract", type: "address" },
      ],
      SafeTx: [{ name: "operation", type: "uint8" }],
    };
    const domain = { chainId: 1, verifyingContract: token };
    const { findings } = review({ types, primaryType: "SafeTx", domain, message: { operation } });
    expect(findings.map(({ severity }) => severity)).toEqual(["warning", ...more]);
  });

  test("inspectTypedData() warns of permits, of no chain and of wrong checksums", () => {
    const messages = (changes: object) => review(changes).findings.map(({ message }) => message);
    expect(messages({})).toEqual(["this may let somebody else spend your tokens"]);
    expect(messages(text("x"))).toEqual([
      "the domain names no chain: it may be valid on every chain",
      "the domain names no contract",
    ]);
    const wrong = token.replace("B48", "b48");
    const [finding] = review({ message: { spender: wrong, details: [] } }).findings;
    expect(finding).toEqual({
      ...{ severity: "warning", source: "clef" },
      message: 'Invalid checksum on address at "message.spender"',
    });
  });
});
