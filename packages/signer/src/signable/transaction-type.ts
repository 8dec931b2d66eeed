import { toQuantity } from "@cleft/protocol/hex.ts";
import { isArray, JsonNumber, type JsonObject, type JsonValue } from "@cleft/protocol/json.ts";
import type { Uint64, Wei } from "../domain/quantity.ts";
import type { AccessTuple } from "./access-list-args.ts";
import type { SignedAuthorization } from "./authorization.ts";
import type { Fields, SpelledAddress } from "./fields.ts";

/** EIP-2718 type numbers that can be asked for. */
export type TransactionType = 0 | 1 | 2 | 3 | 4;

/** Fields that only a blob transaction has (EIP-4844). */
const blobFields: readonly string[] = [
  "maxFeePerBlobGas",
  "blobVersionedHashes",
  "blobVersion",
  "blobs",
  "commitments",
  "proofs",
];

/** Fields by which the type is chosen or checked; Clef drops some of them. */
export const typeFields: readonly string[] = [
  ...blobFields,
  "type",
  "gasLimit",
  "authorizationList",
];

/** What the type is chosen by. */
interface Chosen {
  readonly to: SpelledAddress | "create";
  readonly gas: Uint64;
  readonly gasPrice: Wei | undefined;
  readonly maxFeePerGas: Wei | undefined;
  readonly accessList: readonly AccessTuple[] | undefined;
  readonly authorizationList: readonly SignedAuthorization[] | undefined;
}

/**
 * The type that the fields ask for: by Clef's rule, and 4 for a list of authorizations.
 * @throws Failure `params.invalid` naming a field that this type doesn't have, or a `type` or
 *   `gasLimit` that says something else
 */
export function parseType(fields: Fields, args: Chosen): TransactionType {
  const type = chooseType(fields.object, args);
  if (type !== 3) refuseBlobFields(fields, type);
  if (type === 4) refuseWithAuthorizations(fields, args);
  if (isGiven(fields.object, "gasLimit") && fields.parseUint64("gasLimit") !== args.gas) {
    fields.refuse("gasLimit", "expected the same as gas");
  }
  refuseOtherType(fields, type);
  return type;
}

function chooseType(object: JsonObject, args: Chosen): TransactionType {
  if (args.authorizationList !== undefined) return 4;
  if (isFilled(object, "blobVersionedHashes") || isFilled(object, "blobs")) return 3;
  if (args.maxFeePerGas !== undefined) return 2;
  return args.accessList === undefined ? 0 : 1;
}

function refuseBlobFields(fields: Fields, type: TransactionType): void {
  const stray = blobFields.find((name) => isGiven(fields.object, name));
  if (stray === undefined) return;
  if (type === 4) fields.refuse(stray, "expected none, a type 4 transaction carries no blobs");
  fields.refuse(stray, "expected a blob transaction with blobVersionedHashes");
}

/** What a set-code transaction can't have, or can't do without (EIP-7702). */
function refuseWithAuthorizations(
  fields: Fields,
  { to, gasPrice, authorizationList = [] }: Chosen,
): void {
  if (authorizationList.length === 0) {
    fields.refuse("authorizationList", "expected at least one authorization");
  }
  if (gasPrice !== undefined) {
    fields.refuse("gasPrice", "expected none, a type 4 transaction has maxFeePerGas");
  }
  if (to === "create") fields.refuse("to", "expected an address, a type 4 transaction has one");
}

function refuseOtherType(fields: Fields, type: TransactionType): void {
  const untrusted = fields.object.get("type") ?? null;
  if (untrusted === null || parseNumber(untrusted) === BigInt(type)) return;
  fields.refuse("type", `expected "${toQuantity(type)}", which the other fields ask for`);
}

/** `type` is a quantity in most clients and a number in some. */
function parseNumber(untrusted: JsonValue): bigint | undefined {
  const text = untrusted instanceof JsonNumber ? untrusted.text : untrusted;
  if (typeof text !== "string" || !/^(?:0x[0-9a-fA-F]{1,2}|\d{1,2})$/.test(text)) return undefined;
  return BigInt(text);
}

function isGiven(object: JsonObject, name: string): boolean {
  return (object.get(name) ?? null) !== null;
}

function isFilled(object: JsonObject, name: string): boolean {
  const value = object.get(name) ?? null;
  return isArray(value) && value.length > 0;
}
