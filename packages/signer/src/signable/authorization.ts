import type { AuthorizationWire } from "@cleft/protocol/account.ts";
import { toQuantity } from "@cleft/protocol/hex.ts";
import { isObject, type JsonObject, type JsonValue } from "@cleft/protocol/json.ts";
import { checksummed } from "../domain/address.ts";
import type { Authorization } from "../domain/authorization.ts";
import { Failure } from "../domain/failure.ts";
import { parseUint256 } from "../domain/quantity.ts";
import type { Signature } from "../domain/signature.ts";
import { describe, Fields, refuse, type SpelledAddress, unknownNames } from "./fields.ts";
import { integerText, type MessageForm } from "./message-form.ts";
import { encodeEnvelope, type RlpInput } from "./rlp.ts";

/** An authorization with the signature of the account that gives itself away (EIP-7702). */
export interface SignedAuthorization extends Authorization {
  readonly signature: Signature;
}

/** An authorization that an account is to sign. */
export interface AuthorizationRequest extends Authorization {
  readonly tag: "authorization";
  readonly account: SpelledAddress;
}

/** First byte of what an authorization's signature covers. */
const magic = 0x05;

const unsignedNames = ["chainId", "address", "nonce"] as const;
const signedNames = [...unsignedNames, "yParity", "r", "s"] as const;

/** The bytes whose keccak-256 the authority signs (EIP-7702). */
export function authorizationPreimage(authorization: Authorization): Uint8Array {
  return encodeEnvelope(magic, unsignedFields(authorization));
}

/** An authorization as windows of Clef's API are shown it. */
export function authorizationForm(authorization: AuthorizationRequest): MessageForm {
  const { account, chainId, delegate, nonce } = authorization;
  return {
    account,
    // The name is ours: Clef had none.
    contentType: "application/x-eip7702-authorization",
    preimage: authorizationPreimage(authorization),
    messages: [
      { name: "address", value: checksummed(delegate), type: "address" },
      { name: "chainId", value: integerText(chainId), type: "uint256" },
      { name: "nonce", value: integerText(nonce), type: "uint64" },
    ],
    firstV: 27,
  };
}

/** One entry of a transaction's list as RLP has it. */
export function authorizationFields(authorization: SignedAuthorization): RlpInput[] {
  const { yParity, r, s } = authorization.signature;
  return [...unsignedFields(authorization), BigInt(yParity), BigInt(r), BigInt(s)];
}

/** The same as go-ethereum writes it. */
export function toAuthorizationWire(
  { chainId, delegate, nonce }: Authorization,
  { yParity, r, s }: Signature,
): AuthorizationWire {
  return {
    chainId: toQuantity(chainId),
    address: delegate,
    nonce: toQuantity(nonce),
    yParity: toQuantity(yParity),
    r: toQuantity(BigInt(r)),
    s: toQuantity(BigInt(s)),
  };
}

/**
 * Parses the argument of `account_signAuthorization`. Nothing in it has a default.
 * @throws Failure `params.invalid` naming the field
 */
export function parseAuthorization(untrusted: JsonValue): AuthorizationRequest {
  if (!isObject(untrusted)) {
    throw new Failure("params.invalid", "invalid argument 0: expected an object");
  }
  const fields = fieldsOf(untrusted, "", ["from", ...unsignedNames]);
  const account = fields.required("from", fields.parseAddress("from"));
  return { tag: "authorization", account, ...unsignedOf(fields) };
}

/** Parses one entry of `authorizationList`. @throws Failure `params.invalid` naming the field */
export function parseSignedAuthorization(untrusted: JsonValue, path: string): SignedAuthorization {
  if (!isObject(untrusted)) return refuse(path, `expected an object, got ${describe(untrusted)}`);
  const fields = fieldsOf(untrusted, path, signedNames);
  const yParity = fields.required("yParity", fields.parseUint64("yParity"));
  if (yParity !== 0n && yParity !== 1n) fields.refuse("yParity", 'expected "0x0" or "0x1"');
  const [r, s] = [parseWord(fields, "r"), parseWord(fields, "s")];
  return { ...unsignedOf(fields), signature: { r, s, yParity: yParity === 0n ? 0 : 1 } };
}

/** Nothing is ignored here: whatever stands in it was meant to be signed. */
function fieldsOf(object: JsonObject, path: string, known: readonly string[]): Fields {
  const fields = new Fields(object, path);
  const [unknown] = unknownNames(object, known, path === "" ? {} : { path });
  if (unknown !== undefined) fields.refuse(unknown, `expected only ${known.join(", ")}`);
  return fields;
}

function unsignedOf(fields: Fields): Authorization {
  return {
    chainId: fields.required("chainId", fields.parseChainId("chainId")),
    delegate: fields.required("address", fields.parseAddress("address")).address,
    nonce: fields.required("nonce", fields.parseUint64("nonce")),
  };
}

/** Half of a signature: a number below 2^256, which some clients fill up to 32 bytes. */
function parseWord(fields: Fields, name: "r" | "s"): Signature["r"] {
  const untrusted = fields.required(name, fields.object.get(name));
  const text = typeof untrusted === "string" ? untrusted.replace(/^0[xX]0*(?=.)/, "0x") : "";
  const number = parseUint256(text);
  if (number === undefined) {
    return fields.refuse(name, `expected hex of at most 32 bytes, got ${describe(untrusted)}`);
  }
  return `0x${number.toString(16).padStart(64, "0")}`;
}

function unsignedFields({ chainId, delegate, nonce }: Authorization): RlpInput[] {
  return [chainId, delegate, nonce];
}
