import type { Hex } from "@cleft/protocol/hex.ts";
import { isObject, JsonNumber, type JsonObject, type JsonValue } from "@cleft/protocol/json.ts";
import { parseAddress, zeroAddress } from "../domain/address.ts";
import { Failure } from "../domain/failure.ts";
import { refuse as refuseField, type SpelledAddress, unknownNames } from "./fields.ts";
import { parseInteger } from "./typed-data/integer.ts";

/** The argument of `account_signGnosisSafeTx`: a transaction of a Safe contract, to be approved. */
export interface SafeTxArgs {
  readonly account: SpelledAddress;
  readonly safe: SpelledAddress;
  readonly to: SpelledAddress;
  readonly value: bigint;
  /** undefined if it was null or absent, which signs the same as no bytes. */
  readonly data: Hex | undefined;
  /** 0 is a call; 1 a delegatecall, which runs foreign code as the Safe. */
  readonly operation: 0 | 1;
  readonly safeTxGas: bigint;
  readonly baseGas: bigint;
  readonly gasPrice: bigint;
  readonly gasToken: SpelledAddress;
  readonly refundReceiver: SpelledAddress;
  readonly nonce: bigint;
  /** What the caller says is signed: 32 bytes. */
  readonly safeTxHash: Hex;
  readonly chainId: bigint | undefined;
  /** The method that the caller says is called: a claim. */
  readonly claimedMethod: string | undefined;
}

/** What comes from relays besides means nothing here, and the hash shows that it doesn't. */
const known = [
  ...["safe", "to", "value", "data", "operation", "safeTxGas", "baseGas", "gasPrice", "gasToken"],
  ...["refundReceiver", "nonce", "safeTxHash", "chainId"],
];

/**
 * Parses a Safe transaction. What is absent is 0, as in Clef: the hash tells if something was meant.
 * @throws Failure `params.invalid` naming the field
 */
export function parseSafeTxArgs(
  account: SpelledAddress,
  untrusted: JsonValue,
  claimedMethod: string | undefined,
): SafeTxArgs {
  if (!isObject(untrusted)) {
    throw new Failure("params.invalid", "invalid argument 1: expected an object");
  }
  unknownNames(untrusted, known, { argument: 1 });
  const none: SpelledAddress = { address: zeroAddress, text: zeroAddress };
  return {
    account,
    safe: parseSpelled(untrusted, "safe") ?? refuse("safe", "missing required field"),
    to: parseSpelled(untrusted, "to") ?? refuse("to", "missing required field"),
    value: parseAmount(untrusted, "value"),
    data: parseBytes(untrusted, "data"),
    operation: parseOperation(untrusted),
    safeTxGas: parseCount(untrusted, "safeTxGas"),
    baseGas: parseCount(untrusted, "baseGas"),
    gasPrice: parseAmount(untrusted, "gasPrice"),
    gasToken: parseSpelled(untrusted, "gasToken") ?? none,
    refundReceiver: parseSpelled(untrusted, "refundReceiver") ?? none,
    nonce: parseCount(untrusted, "nonce"),
    safeTxHash: parseHash(untrusted),
    chainId: parseChain(untrusted),
    claimedMethod,
  };
}

function given(object: JsonObject, name: string): JsonValue | undefined {
  return object.get(name) ?? undefined;
}

function parseSpelled(object: JsonObject, name: string): SpelledAddress | undefined {
  const untrusted = given(object, name);
  if (untrusted === undefined) return undefined;
  const address = typeof untrusted === "string" ? parseAddress(untrusted) : undefined;
  if (typeof untrusted === "string" && address !== undefined) return { address, text: untrusted };
  return refuse(name, `expected "0x" and 40 hex digits`);
}

/** A decimal or hex text of 256 bits; a JSON number is none, as in Clef. */
function parseAmount(object: JsonObject, name: string): bigint {
  const untrusted = given(object, name) ?? "0";
  const amount = typeof untrusted === "string" ? parseInteger(untrusted) : undefined;
  if (amount !== undefined && amount >= 0n && amount < 2n ** 256n) return amount;
  return refuse(name, "expected a decimal or hex text below 2^256");
}

/** A JSON number. It goes back as one, and a larger one would not arrive as it was sent. */
function parseCount(object: JsonObject, name: string): bigint {
  const untrusted = given(object, name);
  if (untrusted === undefined) return 0n;
  const count = untrusted instanceof JsonNumber ? parseInteger(untrusted) : undefined;
  const isExact = count !== undefined && count >= 0n && count <= BigInt(Number.MAX_SAFE_INTEGER);
  return isExact ? count : refuse(name, "expected a number below 2^53");
}

function parseOperation(object: JsonObject): 0 | 1 {
  switch (parseCount(object, "operation")) {
    case 0n:
      return 0;
    case 1n:
      return 1;
    default:
      return refuse("operation", "expected 0 (a call) or 1 (a delegatecall)");
  }
}

function parseBytes(object: JsonObject, name: string): Hex | undefined {
  const untrusted = given(object, name);
  if (untrusted === undefined) return undefined;
  if (typeof untrusted === "string" && /^0[xX](?:[0-9a-fA-F]{2})*$/.test(untrusted)) {
    return `0x${untrusted.slice(2).toLowerCase()}`;
  }
  return refuse(name, `expected "0x" and an even number of hex digits`);
}

/** One that is absent counts as zeros, as in Clef: it is never right. */
function parseHash(object: JsonObject): Hex {
  const hash = parseBytes(object, "safeTxHash") ?? `0x${"0".repeat(64)}`;
  return hash.length === 66 ? hash : refuse("safeTxHash", "expected 32 bytes");
}

function parseChain(object: JsonObject): bigint | undefined {
  const untrusted = given(object, "chainId");
  if (untrusted === undefined) return undefined;
  const chainId = parseInteger(untrusted);
  if (chainId !== undefined && chainId >= 0n && chainId < 2n ** 256n) return chainId;
  return refuse("chainId", "expected a number below 2^256");
}

function refuse(name: string, reason: string): never {
  return refuseField(name, reason, 1);
}
