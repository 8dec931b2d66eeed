import { encodeFunctionData, parseAbi } from "viem";
import { expect, test } from "vitest";
import { readCalldata } from "../calldata.ts";
import { standardMethodsOf } from "../selectors.ts";
import { allowanceFindings } from "./allowance.ts";

const abi = parseAbi(["function approve(address,uint256)", "function transfer(address,uint256)"]);
const spender = "0x000000000000000000000000000000000000dEaD";
const find = (functionName: "approve" | "transfer", amount: bigint) =>
  allowanceFindings(
    readCalldata(
      encodeFunctionData({ abi, functionName, args: [spender, amount] }),
      undefined,
      standardMethodsOf,
    ),
  );

test.each([2n ** 256n - 1n, 2n ** 128n])(
  "allowanceFindings() warns of an allowance of %s, and names who gets it",
  (amount) => {
    const [finding, ...others] = find("approve", amount);
    expect(finding).toMatchObject({ severity: "warning", source: "cleft" });
    expect(finding?.message).toContain(`lets ${spender} spend ANY amount`);
    expect(others).toEqual([]);
  },
);

test("allowanceFindings() finds nothing in a bounded allowance, a transfer or unknown data", () => {
  expect(find("approve", 10n ** 18n)).toEqual([]);
  expect(find("transfer", 2n ** 256n - 1n)).toEqual([]);
  expect(allowanceFindings({ kind: "none" })).toEqual([]);
});
