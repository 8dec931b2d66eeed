import { type Hex, toQuantity } from "@cleft/protocol/hex.ts";
import {
  isArray,
  isObject,
  JsonNumber,
  type JsonObject,
  type JsonValue,
} from "@cleft/protocol/json.ts";
import type { TransactionWire } from "@cleft/protocol/window.ts";
import { Failure } from "../domain/failure.ts";
import type { Uint64, Wei } from "../domain/quantity.ts";
import { zeroWei } from "../domain/quantity.ts";
import {
  type AccessTuple,
  Fields,
  prefixed,
  refuse,
  type SpelledAddress,
  unknownNames,
} from "./fields.ts";

/**
 * The argument of `account_signTransaction`, before its type is chosen: every field that Clef
 * knows, parsed. `undefined` is an absent field, `to: "create"` an absent or null recipient.
 */
export interface TransactionArgs {
  readonly from: SpelledAddress;
  readonly to: SpelledAddress | "create";
  readonly gas: Uint64;
  readonly nonce: Uint64;
  readonly value: Wei;
  readonly gasPrice: Wei | undefined;
  readonly maxFeePerGas: Wei | undefined;
  readonly maxPriorityFeePerGas: Wei | undefined;
  /** Calldata; `undefined` if neither `data` nor `input` was given. */
  readonly data: Hex | undefined;
  readonly accessList: readonly AccessTuple[] | undefined;
  /** What the caller wrote, to be compared with the configured chain; any number. */
  readonly chainId: bigint | undefined;
  /** EIP-2718 type that these fields ask for, by Clef's rule. */
  readonly type: 0 | 1 | 2 | 3;
  /** Names of fields that mean nothing here. */
  readonly ignored: readonly string[];
  /** The method that the caller says it calls, e.g. `transfer(address,uint256)`: a claim. */
  readonly claimedMethod: string | undefined;
}

const known = [
  "from",
  "to",
  "gas",
  "nonce",
  "value",
  "gasPrice",
  "maxFeePerGas",
  "maxPriorityFeePerGas",
  "data",
  "input",
  "accessList",
  "chainId",
] as const;

/** Fields that only a blob transaction has (EIP-4844). */
const blobFields = [
  "maxFeePerBlobGas",
  "blobVersionedHashes",
  "blobVersion",
  "blobs",
  "commitments",
  "proofs",
] as const;

/** Fields that Clef drops although they change the meaning: each is checked. */
const meaningful = ["type", "gasLimit", "authorizationList"] as const;

const understood = [...known, ...blobFields, ...meaningful];

/**
 * Parses the transaction argument.
 * @throws Failure `params.invalid` naming the field; `transaction.refused` when `data` and `input`
 *   differ. What would be signed differently from what was asked is refused, never guessed.
 */
export function parseTransactionArgs(
  untrusted: JsonValue,
  claimedMethod?: string,
): TransactionArgs {
  if (!isObject(untrusted)) {
    throw new Failure("params.invalid", "invalid argument 0: expected an object");
  }
  const ignored = unknownNames(untrusted, understood);
  const fields = new Fields(untrusted);
  const args = {
    from: fields.parseAddress("from") ?? refuse("from", "missing required field 'from'"),
    to: untrusted.get("to") === null ? "create" : (fields.parseAddress("to") ?? "create"),
    gas: fields.parseUint64("gas") ?? refuse("gas", "missing required field 'gas'"),
    nonce: fields.parseUint64("nonce") ?? refuse("nonce", "missing required field 'nonce'"),
    value: fields.parseWei("value") ?? zeroWei,
    gasPrice: fields.parseNullableWei("gasPrice"),
    maxFeePerGas: fields.parseNullableWei("maxFeePerGas"),
    maxPriorityFeePerGas: fields.parseNullableWei("maxPriorityFeePerGas"),
    data: parseCalldata(fields),
    accessList: fields.parseAccessList("accessList"),
    chainId: fields.parseChainId("chainId"),
    ignored,
    claimedMethod,
  } as const;
  const type = chooseType(untrusted, args);
  refuseContradictions(untrusted, { type, gas: args.gas });
  return { ...args, type };
}

/** `data` and `input` are two names for the calldata; if both are given they must be equal. */
function parseCalldata(fields: Fields): Hex | undefined {
  const data = fields.parseData("data");
  const input = fields.parseData("input");
  if (data !== undefined && input !== undefined && data !== input) {
    throw new Failure(
      "transaction.refused",
      'ambiguous request: both "data" and "input" are set and are not identical',
    );
  }
  return input ?? data;
}

function chooseType(
  object: JsonObject,
  args: Pick<TransactionArgs, "maxFeePerGas" | "accessList">,
): 0 | 1 | 2 | 3 {
  const hashes = object.get("blobVersionedHashes");
  const blobs = object.get("blobs");
  if ((isArray(hashes) && hashes.length > 0) || (isArray(blobs) && blobs.length > 0)) return 3;
  if (args.maxFeePerGas !== undefined) return 2;
  return args.accessList === undefined ? 0 : 1;
}

function refuseContradictions(
  object: JsonObject,
  { type, gas }: { type: 0 | 1 | 2 | 3; gas: Uint64 },
): void {
  const given = (name: string) => (object.get(name) ?? null) !== null;
  if (given("authorizationList")) {
    refuse("authorizationList", "expected none, only a type 4 transaction carries one");
  }
  const stray = type === 3 ? undefined : blobFields.find(given);
  if (stray !== undefined) {
    refuse(stray, "expected a blob transaction with blobVersionedHashes");
  }
  const fields = new Fields(object);
  if (given("gasLimit") && fields.parseUint64("gasLimit") !== gas) {
    refuse("gasLimit", "expected the same as gas");
  }
  if (given("type") && parseType(object.get("type")) !== BigInt(type)) {
    refuse("type", `expected "${toQuantity(type)}", which the other fields ask for`);
  }
}

/** `type` is a quantity in most clients and a number in some. */
function parseType(untrusted: JsonValue | undefined): bigint | undefined {
  const text = untrusted instanceof JsonNumber ? untrusted.text : untrusted;
  if (typeof text !== "string" || !/^(?:0x[0-9a-fA-F]{1,2}|\d{1,2})$/.test(text)) return undefined;
  return BigInt(text);
}

/** The same as a window is shown it, keys in Clef's order. */
export function toTransactionWire(args: TransactionArgs): TransactionWire {
  const nullable = (wei: Wei | undefined) => (wei === undefined ? null : toQuantity(wei));
  return {
    from: prefixed(args.from),
    to: args.to === "create" ? null : prefixed(args.to),
    gas: toQuantity(args.gas),
    gasPrice: nullable(args.gasPrice),
    maxFeePerGas: nullable(args.maxFeePerGas),
    maxPriorityFeePerGas: nullable(args.maxPriorityFeePerGas),
    value: toQuantity(args.value),
    nonce: toQuantity(args.nonce),
    ...(args.data === undefined ? {} : { data: args.data }),
    ...(args.accessList === undefined ? {} : { accessList: args.accessList }),
    ...(args.chainId === undefined ? {} : { chainId: toQuantity(args.chainId) }),
  };
}
