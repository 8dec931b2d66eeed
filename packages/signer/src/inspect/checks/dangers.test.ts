import { Interface } from "ethers";
import { encodeFunctionData, parseAbi } from "viem";
import { expect, test } from "vitest";
import { dangerFindings } from "./dangers.ts";

const abi = parseAbi(["function approve(address,uint256)", "function transfer(address,uint256)"]);
const spender = "0x000000000000000000000000000000000000dEaD";
const token = "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48";
const find = (functionName: "approve" | "transfer", amount: bigint) =>
  dangerFindings(encodeFunctionData({ abi, functionName, args: [spender, amount] }));

test.each([2n ** 256n - 1n, 2n ** 112n])(
  "dangerFindings() calls critical an allowance of %s, and names who gets it",
  (amount) => {
    const [finding, ...others] = find("approve", amount);
    expect(finding).toMatchObject({ severity: "critical", source: "cleft" });
    expect(finding?.message).toContain(`lets ${spender} spend ANY amount`);
    // And not with the token, which is the recipient.
    expect(finding?.confirmation).toEqual({ text: "dEaD", at: "!! CRITICAL" });
    expect(others).toEqual([]);
  },
);

test("dangerFindings() finds nothing in a bounded allowance, a transfer or unknown data", () => {
  expect(find("approve", 10n ** 18n)).toEqual([]);
  expect(find("transfer", 2n ** 256n - 1n)).toEqual([]);
  for (const data of ["0x", "0x095ea7b3", "0x095ea7b300"] as const) {
    expect(dangerFindings(data)).toEqual([]);
  }
});

test.each([
  ["increaseAllowance(address,uint256)", [spender, 2n ** 256n - 1n], "ANY amount"],
  ["increaseAllowance(address,uint256)", [spender, 1n], undefined],
  ["setApprovalForAll(address,bool)", [spender, true], "ALL your tokens"],
  ["setApprovalForAll(address,bool)", [spender, false], undefined],
  ["approve(address,address,uint160,uint48)", [token, spender, 2n ** 160n - 1n, 1], "ANY amount"],
  ["approve(address,address,uint160,uint48)", [token, spender, 5n, 1], undefined],
  [
    "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)",
    [token, spender, 2n ** 256n - 1n, 1, 27, `0x${"00".repeat(32)}`, `0x${"00".repeat(32)}`],
    "ANY amount",
  ],
  [
    "permit(address,address,uint256,uint256,bool,uint8,bytes32,bytes32)",
    [token, spender, 1, 1, true, 27, `0x${"00".repeat(32)}`, `0x${"00".repeat(32)}`],
    "ANY amount",
  ],
])("dangerFindings() judges %s with %s", (signature, args, warning) => {
  const [name = ""] = signature.split("(");
  const data = new Interface([`function ${signature}`]).encodeFunctionData(name, args);
  const [finding] = dangerFindings(`0x${data.slice(2)}`);
  if (warning === undefined) expect(finding).toBeUndefined();
  else expect(finding?.message).toMatch(new RegExp(`^this lets ${spender} \\w+ ${warning}`));
});

test.each([0, 1])("dangerFindings() looks at the operation of a Safe's call: %i", (operation) => {
  const signature =
    "execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes)";
  const args = [token, 0, "0x", operation, 0, 0, 0, token, token, "0x"];
  const data = new Interface([`function ${signature}`]).encodeFunctionData("execTransaction", args);
  const findings = dangerFindings(`0x${data.slice(2)}`);
  expect(findings.map(({ severity }) => severity)).toEqual(operation === 0 ? [] : ["critical"]);
});

test("dangerFindings() looks at the data, whatever stands behind it", () => {
  const data = encodeFunctionData({ abi, functionName: "approve", args: [spender, 2n ** 255n] });
  for (const tail of ["00", "00".repeat(32), "ff".repeat(33)]) {
    expect(dangerFindings(`${data}${tail}`)).toHaveLength(1);
  }
});
