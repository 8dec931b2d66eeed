import { type Hex, toQuantity } from "@cleft/protocol/hex.ts";
import { isObject, type JsonValue } from "@cleft/protocol/json.ts";
import type { TransactionWire } from "@cleft/protocol/window.ts";
import { Failure } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import type { Uint64, Wei } from "../domain/quantity.ts";
import { zeroWei } from "../domain/quantity.ts";
import { type AccessTuple, parseAccessList } from "./access-list-args.ts";
import {
  parseSignedAuthorization,
  type SignedAuthorization,
  toAuthorizationWire,
} from "./authorization.ts";
import { type BlobArgs, parseBlobArgs, type SidecarArgs } from "./blob-args.ts";
import { Fields, prefixed, refuse, type SpelledAddress, unknownNames } from "./fields.ts";
import { parseType, type TransactionType, typeFields } from "./transaction-type.ts";

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
  /** Signed by the accounts whose code is to be set; never empty. */
  readonly authorizationList: readonly SignedAuthorization[] | undefined;
  /** What a type 3 transaction has, and no other. */
  readonly blob: BlobArgs | undefined;
  /** What the caller wrote, to be compared with the configured chain; any number. */
  readonly chainId: bigint | undefined;
  /** EIP-2718 type that these fields ask for, by Clef's rule. */
  readonly type: TransactionType;
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

const understood = [...known, ...typeFields];

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
    accessList: parseAccessList(fields, "accessList"),
    authorizationList: fields.parseList(
      "authorizationList",
      limits.authorizationsMax,
      parseSignedAuthorization,
    ),
    chainId: fields.parseChainId("chainId"),
    ignored,
    claimedMethod,
  } as const;
  const type = parseType(fields, args);
  return { ...args, type, blob: type === 3 ? parseBlobArgs(fields, args) : undefined };
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
    ...(args.blob === undefined ? {} : toBlobWire(args.blob)),
    ...(args.authorizationList === undefined
      ? {}
      : {
          authorizationList: args.authorizationList.map((one) =>
            toAuthorizationWire(one, one.signature),
          ),
        }),
  };
}

function toBlobWire({ maxFeePerBlobGas, hashes, sidecar }: BlobArgs): Partial<TransactionWire> {
  return {
    maxFeePerBlobGas: toQuantity(maxFeePerBlobGas),
    ...(hashes === undefined ? {} : { blobVersionedHashes: hashes }),
    ...(sidecar === undefined ? {} : toSidecarWire(sidecar)),
  };
}

/** Version 0 is not named, as in Clef. */
function toSidecarWire({ version, blobs, proven }: SidecarArgs): Partial<TransactionWire> {
  return { ...(version === 0 ? {} : { blobVersion: version }), blobs, ...proven };
}
