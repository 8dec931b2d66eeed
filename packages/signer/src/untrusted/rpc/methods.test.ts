import { accountMethods } from "@cleft/protocol/account.ts";
import { parseJson } from "@cleft/protocol/json.ts";
import { expect, test } from "vitest";
import { refusalOf } from "../../domain/fakes.ts";
import { limits } from "../../domain/limits.ts";
import { parseCall } from "./methods.ts";

const address = `0x${"ab".repeat(20)}`;
const tx = { from: address, to: address, gas: "0x1", nonce: "0x0", maxFeePerGas: "0x1" };

const call = (name: string, params?: unknown) =>
  parseCall(
    name,
    params === undefined
      ? undefined
      : parseJson(JSON.stringify(params), { depthMax: 10, valuesMax: 100_000 }),
  );

const refusal = (name: string, params?: unknown) => refusalOf(() => call(name, params));

test.each(["rpc_modules", "account_version", "account_list"])(
  "parseCall() takes %s without parameters and refuses any",
  (name) => {
    for (const params of [undefined, null, []]) expect(call(name, params).method).toBe(name);
    for (const params of [[null], [{}]]) {
      expect(refusal(name, params)).toBe("params.invalid too many arguments, want at most 0");
    }
  },
);

test.each([{}, "", "[]", 1, true])("parseCall() refuses the parameters %j", (params) => {
  for (const name of ["account_version", "account_signTransaction"]) {
    expect(refusal(name, params)).toBe("params.invalid non-array args");
  }
});

test.each([
  [undefined, "missing value for required argument 0"],
  [[], "missing value for required argument 0"],
  [[null], "invalid argument 0: expected an object"],
  [[null, null], "invalid argument 0: expected an object"],
  [[tx, null, null], "too many arguments, want at most 2"],
  [[[tx]], "invalid argument 0: expected an object"],
  [["{}"], "invalid argument 0: expected an object"],
])("parseCall() refuses account_signTransaction with %j", (params, message) => {
  expect(refusal("account_signTransaction", params)).toBe(`params.invalid ${message}`);
});

test.each(["transfer", "transfer(", ")", 0, false, {}, `f(${"x".repeat(5000)})`])(
  "parseCall() refuses the selector %j rather than dropping it",
  (selector) => {
    expect(refusal("account_signTransaction", [tx, selector])).toContain(
      "params.invalid invalid argument 1",
    );
  },
);

test("parseCall() refuses a selector of a million parentheses by its length", () => {
  // To try an end for each of them takes an hour.
  const selectors = ["(".repeat(1_000_000), `${"(".repeat(1_000_000)})`];
  for (const selector of selectors) {
    expect(refusal("account_signTransaction", [tx, selector])).toContain("invalid argument 1");
  }
});

test.each(["transfer(address,uint256)", "", "f()"])(
  "parseCall() takes the selector %j as a claim",
  (selector) => {
    expect(call("account_signTransaction", [tx, selector])).toMatchObject({
      args: { claimedMethod: selector },
    });
  },
);

test("parseCall() parses the transaction, with or without a null selector", () => {
  for (const params of [[tx], [tx, null]]) {
    expect(call("account_signTransaction", params)).toMatchObject({
      method: "account_signTransaction",
      args: { type: 2, from: { address }, maxFeePerGas: 1n },
    });
  }
});

test.each([
  ...["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf", "", "account_"],
  ...["account_Version", "Account_version", "account_version ", "account_version\u200b"],
  ...["account_sign", "account_import", "account_export", "clef_listAccounts", "eth_sign"],
  ...["account_ſignTransaction", "web3_clientVersion"],
])("parseCall() refuses the method %j", (name) => {
  expect(refusal(name, [])).toBe(
    `method.unknown the method ${name} does not exist/is not available`,
  );
});

test("parseCall() quotes no more than 64 characters of a method", () => {
  expect(refusal("x".repeat(1_000_000))).toBe(
    `method.unknown the method ${"x".repeat(64)} does not exist/is not available`,
  );
});

test("parseCall() knows every method of Clef, whatever it thinks of the parameters", () => {
  for (const name of accountMethods) {
    expect(refusal(name, [])).not.toContain("method.unknown");
  }
});

test("parseCall() takes no longer message for account_ecRecover than could be signed", () => {
  const message = (bytes: number) => [`0x${"ab".repeat(bytes)}`, "0x"];
  expect(refusal("account_ecRecover", message(limits.textBytesMax))).toBe("accepted");
  expect(refusal("account_ecRecover", message(limits.textBytesMax + 1))).toBe(
    "params.invalid invalid argument 0: expected at most 131072 bytes",
  );
});
