import fc from "fast-check";
import { formatUnits as viemFormatUnits } from "viem";
import { expect, test } from "vitest";
import { parseChainId } from "../domain/quantity.ts";
import { formatCoin, formatGwei, formatUnits, nameOfChain } from "./amount.ts";

function chain(id: bigint) {
  const chainId = parseChainId(id);
  if (chainId === undefined) throw new Error("no chain");
  return chainId;
}

test("formatUnits() has the digits that viem has, grouped before the point only", () => {
  const units = fc.bigInt({ min: 0n, max: 2n ** 320n });
  fc.assert(
    fc.property(units, fc.integer({ min: 1, max: 77 }), (value, decimals) => {
      const text = formatUnits(value, decimals);
      expect(text.replaceAll("_", "")).toBe(viemFormatUnits(value, decimals));
      expect(text).toMatch(/^\d{1,3}(?:_\d{3})*(?:\.\d*[1-9])?$/);
    }),
  );
});

test.each([
  [0n, "0"],
  [1n, "0.000000000000000001"],
  [10n ** 18n, "1"],
  [15n * 10n ** 17n, "1.5"],
  [999n * 10n ** 18n, "999"],
  [1000n * 10n ** 18n, "1_000"],
  [10n ** 24n + 1n, "1_000_000.000000000000000001"],
  [
    2n ** 256n - 1n,
    "115_792_089_237_316_195_423_570_985_008_687_907_853_269_984_665_640_564_039_457.584007913129639935",
  ],
])("formatUnits() writes %s of 18 decimals exactly", (units, text) => {
  expect(formatUnits(units, 18)).toBe(text);
});

test.each([
  [0n, "0"],
  [5n, "5"],
  [1000n, "1_000"],
])("formatUnits() writes %s of 0 decimals as a whole number", (units, text) => {
  expect(formatUnits(units, 0)).toBe(text);
});

test.each([
  [1n, "Ethereum (chain 1)", "0.1 ETH"],
  [100n, "Gnosis (chain 100)", "0.1 xDAI"],
  [11155111n, "Sepolia testnet (chain 11155111)", "0.1 test ETH"],
  [2n ** 53n + 1n, "chain 9007199254740993", "0.1 coins"],
])("nameOfChain() and formatCoin() know chain %s", (id, name, amount) => {
  expect(nameOfChain(chain(id))).toBe(name);
  expect(formatCoin(10n ** 17n, chain(id))).toBe(amount);
});

test.each([
  [0n, "0 gwei"],
  [1n, "0.000000001 gwei"],
  [1_500_000_000n, "1.5 gwei"],
  [10n ** 18n, "1_000_000_000 gwei"],
])("formatGwei() writes %s wei", (wei, text) => {
  expect(formatGwei(wei)).toBe(text);
});
