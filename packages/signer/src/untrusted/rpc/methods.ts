import { fromHex } from "@cleft/protocol/hex.ts";
import { isArray, type JsonValue } from "@cleft/protocol/json.ts";
import { Failure } from "../../domain/failure.ts";
import { limits } from "../../domain/limits.ts";
import { type AuthorizationRequest, parseAuthorization } from "../../signable/authorization.ts";
import { parseAccount, parseDataArgs, parseTypedDataArgs } from "../../signable/data-args.ts";
import type { Message } from "../../signable/messages.ts";
import { parseSafeTxArgs, type SafeTxArgs } from "../../signable/safe-args.ts";
import { parseTransactionArgs, type TransactionArgs } from "../../signable/transaction-args.ts";

/** A request that was understood. */
export type Request =
  | { readonly method: "rpc_modules" }
  | { readonly method: "account_version" }
  | { readonly method: "account_list" }
  | { readonly method: "account_new" }
  | { readonly method: "account_signTransaction"; readonly args: TransactionArgs }
  | {
      readonly method: "account_signData" | "account_signTypedData";
      readonly message: Message;
    }
  | { readonly method: "account_signGnosisSafeTx"; readonly args: SafeTxArgs }
  | { readonly method: "account_signAuthorization"; readonly message: AuthorizationRequest }
  | {
      readonly method: "account_ecRecover";
      readonly message: Uint8Array;
      readonly signature: Uint8Array;
    };

interface Method {
  readonly arguments: { readonly required: number; readonly most: number };
  parse(params: readonly JsonValue[]): Request;
}

const none = { required: 0, most: 0 };

/** THE LIST of what a caller may ask. */
const methods: { readonly [M in Request["method"]]: Method } = {
  rpc_modules: { arguments: none, parse: () => ({ method: "rpc_modules" }) },
  account_version: { arguments: none, parse: () => ({ method: "account_version" }) },
  account_list: { arguments: none, parse: () => ({ method: "account_list" }) },
  account_new: { arguments: none, parse: () => ({ method: "account_new" }) },
  account_signTransaction: {
    arguments: { required: 1, most: 2 },
    parse: ([transaction = null, selector = null]) => ({
      method: "account_signTransaction",
      args: parseTransactionArgs(transaction, parseSelector(selector, 1)),
    }),
  },
  account_signData: {
    arguments: { required: 3, most: 3 },
    parse: (params) => ({ method: "account_signData", message: parseDataArgs(params) }),
  },
  account_signTypedData: {
    arguments: { required: 2, most: 2 },
    parse: (params) => ({ method: "account_signTypedData", message: parseTypedDataArgs(params) }),
  },
  account_signGnosisSafeTx: {
    arguments: { required: 2, most: 3 },
    parse: ([address = null, transaction = null, selector = null]) => ({
      method: "account_signGnosisSafeTx",
      args: parseSafeTxArgs(parseAccount(address, 0), transaction, parseSelector(selector, 2)),
    }),
  },
  account_signAuthorization: {
    arguments: { required: 1, most: 1 },
    parse: ([authorization = null]) => ({
      method: "account_signAuthorization",
      message: parseAuthorization(authorization),
    }),
  },
  account_ecRecover: {
    arguments: { required: 2, most: 2 },
    parse: ([message = null, signature = null]) => ({
      method: "account_ecRecover",
      message: parseBytes(message, { argument: 0, bytesMax: limits.textBytesMax }),
      signature: parseBytes(signature, { argument: 1, bytesMax: limits.textBytesMax }),
    }),
  },
};

/**
 * Finds the method and parses its parameters.
 * @throws Failure `method.unknown`, `params.invalid` and those of the parsers
 */
export function parseCall(name: string, untrustedParams: JsonValue | undefined): Request {
  const method = methodOf(name);
  const params = untrustedParams ?? [];
  if (!isArray(params)) throw new Failure("params.invalid", "non-array args");
  const { required, most } = method.arguments;
  if (params.length > most) {
    throw new Failure("params.invalid", `too many arguments, want at most ${most}`);
  }
  if (params.length < required) {
    throw new Failure("params.invalid", `missing value for required argument ${params.length}`);
  }
  return method.parse(params);
}

/** The caller's word for the method that it calls: `name(type,…)`, or nothing. */
function parseSelector(untrusted: JsonValue, argument: number): string | undefined {
  if (untrusted === null) return undefined;
  const isShort = typeof untrusted === "string" && untrusted.length <= limits.signatureCharsMax;
  const looksLikeOne = (text: string) => text === "" || (text.includes("(") && text.endsWith(")"));
  if (isShort && looksLikeOne(untrusted)) return untrusted;
  throw new Failure(
    "params.invalid",
    `invalid argument ${argument}: expected a method such as "transfer(address,uint256)"`,
  );
}

function parseBytes(
  untrusted: JsonValue,
  { argument, bytesMax }: { readonly argument: number; readonly bytesMax: number },
): Uint8Array {
  if (typeof untrusted === "string" && untrusted.length > 2 + 2 * bytesMax) {
    const most = `expected at most ${bytesMax} bytes`;
    throw new Failure("params.invalid", `invalid argument ${argument}: ${most}`);
  }
  if (typeof untrusted === "string" && /^0[xX](?:[0-9a-fA-F]{2})*$/.test(untrusted)) {
    return fromHex(`0x${untrusted.slice(2)}`);
  }
  throw new Failure(
    "params.invalid",
    `invalid argument ${argument}: expected data, "0x" and an even number of hex digits`,
  );
}

function methodOf(name: string): Method {
  if (Object.hasOwn(methods, name)) return methods[name as Request["method"]];
  const quoted = name.slice(0, limits.methodCharsMax);
  throw new Failure("method.unknown", `the method ${quoted} does not exist/is not available`);
}
