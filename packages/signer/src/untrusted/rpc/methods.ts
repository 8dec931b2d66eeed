import { accountMethods } from "@cleft/protocol/account.ts";
import { isArray, type JsonValue } from "@cleft/protocol/json.ts";
import { Failure } from "../../domain/failure.ts";
import { limits } from "../../domain/limits.ts";
import { parseTransactionArgs, type TransactionArgs } from "../../signable/transaction-args.ts";

/** A request that was understood. */
export type Request =
  | { readonly method: "rpc_modules" }
  | { readonly method: "account_version" }
  | { readonly method: "account_list" }
  | { readonly method: "account_signTransaction"; readonly args: TransactionArgs };

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
  account_signTransaction: {
    arguments: { required: 1, most: 2 },
    parse: ([transaction = null, selector = null]) => ({
      method: "account_signTransaction",
      args: parseTransactionArgs(transaction, parseSelector(selector)),
    }),
  },
};

/**
 * Finds the method and parses its parameters.
 * @throws Failure `method.unknown`, `method.later`, `params.invalid` and those of the parsers
 */
export function parseCall(name: string, untrustedParams: JsonValue | undefined): Request {
  const method = methodOf(name);
  const params = untrustedParams ?? [];
  if (!isArray(params)) throw new Failure("params.invalid", "non-array args");
  const { required, most } = method.arguments;
  if (params.length > most) {
    throw new Failure("params.invalid", `too many arguments, want at most ${most}`);
  }
  const missing = params.slice(0, required).indexOf(null);
  const given = missing < 0 ? params.length : missing;
  if (given < required) {
    throw new Failure("params.invalid", `missing value for required argument ${given}`);
  }
  return method.parse(params);
}

/** The caller's word for the method that it calls: `name(type,…)`, or nothing. */
function parseSelector(untrusted: JsonValue): string | undefined {
  if (untrusted === null) return undefined;
  const isSignature = typeof untrusted === "string" && /^$|\(.*\)$/s.test(untrusted);
  if (isSignature && untrusted.length <= limits.signatureCharsMax) return untrusted;
  throw new Failure(
    "params.invalid",
    'invalid argument 1: expected a method such as "transfer(address,uint256)"',
  );
}

function methodOf(name: string): Method {
  if (Object.hasOwn(methods, name)) return methods[name as Request["method"]];
  if ((accountMethods as readonly string[]).includes(name)) {
    throw new Failure("method.later", `the method ${name} is not implemented yet`);
  }
  const quoted = name.slice(0, limits.methodCharsMax);
  throw new Failure("method.unknown", `the method ${quoted} does not exist/is not available`);
}
