import { readFileSync } from "node:fs";
import { parseJson } from "@cleft/protocol/json.ts";
import { encodeFunctionData, parseAbi } from "viem";
import { expect, test } from "vitest";
import type { Confirmation } from "../packages/signer/src/domain/confirmation.ts";
import { limits } from "../packages/signer/src/domain/limits.ts";
import { parseChainId } from "../packages/signer/src/domain/quantity.ts";
import { confirmationOf, type Review } from "../packages/signer/src/domain/review.ts";
import { inspect } from "../packages/signer/src/inspect/inspect.ts";
import { inspectMessage } from "../packages/signer/src/inspect/message.ts";
import { standardMethodsOf } from "../packages/signer/src/inspect/selectors.ts";
import { parseSigning } from "../packages/signer/src/signable/kinds.ts";
import { toSafeTx } from "../packages/signer/src/signable/safe-tx.ts";
import { parseCall, type Request } from "../packages/signer/src/untrusted/rpc/methods.ts";
import { transactionWith } from "../packages/signer/src/window/fakes.ts";
import { partsOf } from "../packages/signer/src/window/layout.ts";
import { renderSigning } from "../packages/signer/src/window/render.ts";
import { root } from "./support/shared.ts";

/** The review of a call, by the steps that the program takes. */
function reviewOf({ method, params }: { method: string; params: unknown }): Review {
  const request = parseCall(method, parseJson(JSON.stringify(params), limits.json));
  return inspectRequest(request);
}

function inspectRequest(request: Request): Review {
  const methodsOf = standardMethodsOf;
  const known = { methodsOf, nowMs: 0, origin: "", sealedBefore: () => false };
  switch (request.method) {
    case "account_signTransaction": {
      const chainId = parseChainId(1n);
      if (chainId === undefined) throw new Error("no chain");
      const authority = request.args.from.address;
      const signing = parseSigning(request.args, chainId);
      return inspect(request.args, signing, { authorityOf: () => authority, methodsOf });
    }
    case "account_signGnosisSafeTx":
      return inspectMessage(toSafeTx(request.args, [1n]), known);
    case "account_signData":
    case "account_signTypedData":
    case "account_signAuthorization":
      return inspectMessage(request.message, known);
    default:
      throw new Error(`${request.method} signs nothing`);
  }
}

/** Whether the screen has a row of this label that shows an address with this end. */
function isShown({ text, at }: Confirmation, review: Review): boolean {
  const medium = { columns: 200, rows: Number.POSITIVE_INFINITY, ascii: false };
  const rows = renderSigning(transactionWith({ review }), medium).map(partsOf);
  return rows.some(
    ({ label, value }) =>
      label.trim() === at && new RegExp(`0x[0-9a-fA-F]{36}${text}(?![0-9a-fA-F])`).test(value),
  );
}

const document = readFileSync(`${root}docs/METHODS.md`, "utf8");
const examples: { method: string; params: unknown[] }[] = [
  ...document.matchAll(/^```json\n(.*?)^```$/gms),
].map(([, json = ""]) => JSON.parse(json));
const [payment = { method: "", params: [] }] = examples;
const changed = (fields: object) => ({
  ...payment,
  params: [{ ...(payment.params[0] as object), ...fields }],
});

test.each(examples.map((example, at) => [at + 1, example.method, example] as const))(
  "what would confirm the example %i of docs/METHODS.md, %s, stands in a row of the screen",
  (_, __, example) => {
    const review = reviewOf(example);
    expect(isShown(review.confirmation, review)).toBe(true);
    const own = confirmationOf(review);
    if (own !== undefined) expect(isShown(own, review)).toBe(true);
  },
);

const spender = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const abi = parseAbi([
  "function approve(address,uint256)",
  "function setApprovalForAll(address,bool)",
]);
const unlimited = encodeFunctionData({
  abi,
  functionName: "approve",
  args: [spender, 2n ** 256n - 1n],
});
const everything = encodeFunctionData({
  abi,
  functionName: "setApprovalForAll",
  args: [spender, true],
});
const delegate = "0x63c0c19a282a1B52b07dD5a65b58948A07DAE32B";
const authorization = {
  ...{ chainId: "0x1", address: delegate, nonce: "0x1" },
  ...{ yParity: "0x0", r: "0x1", s: "0x1" },
};

test.each([
  ["an allowance", changed({ data: unlimited }), "!! CRITICAL", "79C8"],
  ["all of a collection", changed({ data: everything }), "!! CRITICAL", "79C8"],
  ["the zero address", changed({ to: `0x${"0".repeat(40)}` }), "to", "0000"],
  ["an account's code", changed({ authorizationList: [authorization] }), "gets code", "E32B"],
])("%s is confirmed with whom it gives something to", (_, call, at, text) => {
  const review = reviewOf(call);
  const confirmation = confirmationOf(review);
  expect(confirmation).toEqual({ at, text });
  if (confirmation !== undefined) expect(isShown(confirmation, review)).toBe(true);
});
