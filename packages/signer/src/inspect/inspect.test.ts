import { parseJson } from "@cleft/protocol/json.ts";
import { expect, test } from "vitest";
import { parseChainId } from "../domain/quantity.ts";
import { parseSigning } from "../signable/kinds.ts";
import { parseTransactionArgs } from "../signable/transaction-args.ts";
import { inspect } from "./inspect.ts";
import { standardMethodsOf } from "./selectors.ts";

const from = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
const to = "0x000000000000000000000000000000000000dEaD";

function review(changes: object, claim?: string) {
  const chainId = parseChainId(1n);
  if (chainId === undefined) throw new Error("no chain");
  const fees = { maxFeePerGas: "0x1", maxPriorityFeePerGas: "0x2" };
  const json = JSON.stringify({ from, to, gas: "0x1", nonce: "0x0", ...fees, ...changes });
  const args = parseTransactionArgs(parseJson(json, { depthMax: 10, valuesMax: 100_000 }), claim);
  return inspect(args, parseSigning(args, chainId), {
    authorityOf: () => undefined,
    methodsOf: standardMethodsOf,
  });
}

test("inspect() puts Clef's findings before its own", () => {
  const { findings } = review({ to: to.replace("dEaD", "DeaD") });
  expect(findings.map(({ source, severity }) => `${source} ${severity}`)).toEqual([
    "clef warning",
    "cleft info",
    "cleft info",
    "cleft warning",
  ]);
});

test("inspect() shows what the signed value holds, not how the caller spelled it", () => {
  const { fields, data } = review({ to: to.toLowerCase(), input: "0xABCDEF00" });
  expect(fields).toContainEqual({ label: "to", value: to, claim: false });
  expect(data).toBe("0xabcdef00");
});

test("inspect() throws for what Clef refuses in every mode", () => {
  expect(() => review({ to: null, value: "0x1" })).toThrow(
    expect.objectContaining({
      code: "transaction.refused",
      message: "transaction will create a contract with value but empty code",
    }),
  );
});

test("inspect() gives the same review for the same request", () => {
  expect(review({ data: "0x01" })).toEqual(review({ data: "0x01" }));
});

test("inspect() finds an allowance whatever the caller calls it", () => {
  const data = `0x095ea7b3${"11".repeat(20).padStart(64, "0")}${"f".repeat(64)}`;
  for (const claim of [undefined, "foo()", "approve(address,uint256)"]) {
    const { findings } = review({ data, maxFeePerGas: "0x2" }, claim);
    expect(findings).toContainEqual(
      expect.objectContaining({ severity: "critical", message: expect.stringContaining("ANY") }),
    );
  }
});
