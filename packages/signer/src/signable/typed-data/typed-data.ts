import { fromHex, type Hex, toHex } from "@cleft/protocol/hex.ts";
import { isObject, JsonNumber, type JsonObject, type JsonValue } from "@cleft/protocol/json.ts";
import { Failure } from "../../domain/failure.ts";
import { type SpelledAddress, unknownNames } from "../fields.ts";
import type { MessageForm } from "../message-form.ts";
import { parseInteger } from "./integer.ts";
import { typedMessages } from "./name-values.ts";
import { goText } from "./refusal.ts";
import { parseTypes, type StructTypes } from "./types.ts";
import { type Misspelled, type TypedStruct, Walk } from "./walk.ts";

/** Typed data (EIP-712), taken apart: what is shown, and the hashes that the same walk made. */
export interface TypedData {
  readonly tag: "typed-data";
  readonly account: SpelledAddress;
  readonly domain: TypedStruct;
  readonly message: TypedStruct;
  readonly domainHash: Hex;
  readonly messageHash: Hex;
  /** The chain that the domain names. */
  readonly chainId: bigint | undefined;
  readonly misspelled: readonly Misspelled[];
  /** Names beside the four that typed data has. */
  readonly ignored: readonly string[];
}

const domainType = "EIP712Domain";

/** What a domain can have (EIP-712); a program that reads another type there reads another domain. */
const domainTypes: ReadonlyMap<string, string> = new Map([
  ["name", "string"],
  ["version", "string"],
  ["chainId", "uint256"],
  ["verifyingContract", "address"],
  ["salt", "bytes32"],
]);

/**
 * Parses typed data from its JSON object.
 * @throws Failure `data.refused`, naming the place; `params.invalid` for what is no typed data
 */
export function parseTypedData(account: SpelledAddress, untrusted: JsonValue): TypedData {
  if (untrusted === null) throw new Failure("data.refused", "domain is undefined");
  if (!isObject(untrusted)) throw noTypedData();
  const ignored = unknownNames(untrusted, ["types", "primaryType", "domain", "message"], {
    argument: 1,
  });
  const domain = untrusted.get("domain");
  if (!isObject(domain)) throw new Failure("data.refused", "domain is undefined");
  const types = parseTypes(untrusted.get("types"));
  const primaryType = parsePrimaryType(untrusted, types);
  checkDomain(domain, types);
  return {
    tag: "typed-data",
    account,
    ignored,
    ...walk(types, { untrusted, domain, primaryType }),
  };
}

/** The bytes whose keccak-256 is signed: version 0x01 of EIP-191. */
export function typedDataPreimage({ domainHash, messageHash }: TypedData): Uint8Array {
  return fromHex(`0x1901${domainHash.slice(2)}${messageHash.slice(2)}`);
}

/** Typed data as windows are shown it. */
export function typedDataForm(data: TypedData): MessageForm {
  const { account } = data;
  const preimage = typedDataPreimage(data);
  const messages = typedMessages(data);
  return { account, contentType: "data/typed", preimage, messages, firstV: 27 };
}

/** A value of the domain as it is shown, or undefined if it has none of this name. */
export function domainText({ domain }: TypedData, name: string): string | undefined {
  const node = domain.members.find((member) => member.name === name)?.node;
  return node?.kind === "value" ? node.text : undefined;
}

function walk(
  types: StructTypes,
  parts: {
    readonly untrusted: JsonObject;
    readonly domain: JsonObject;
    readonly primaryType: string;
  },
): Omit<TypedData, "tag" | "account" | "ignored"> {
  const walked = new Walk(types);
  const domain = walked.struct(domainType, parts.domain, { path: "domain" });
  const content = parts.untrusted.get("message");
  const message = walked.struct(parts.primaryType, content, { path: "message" });
  const chainId = domain.node.members.find(({ name }) => name === "chainId")?.node;
  return {
    domain: domain.node,
    message: message.node,
    domainHash: toHex(domain.word),
    messageHash: toHex(message.word),
    chainId: chainId?.kind === "value" ? BigInt(chainId.text) : undefined,
    misspelled: walked.misspelled,
  };
}

/** A message that is its own domain is hashed in one way by Clef and in another by other wallets. */
function parsePrimaryType(untrusted: JsonObject, types: StructTypes): string {
  const name = untrusted.get("primaryType");
  if (typeof name !== "string") throw noTypedData();
  if (name === domainType) {
    throw new Failure("data.refused", `primary type can't be ${domainType}`);
  }
  if (types.has(name)) return name;
  throw new Failure("data.refused", `primary type "${name.slice(0, 80)}" is undefined`);
}

function checkDomain(domain: JsonObject, types: StructTypes): void {
  // One without any field would be valid everywhere.
  if (domain.size === 0 && (types.get(domainType) ?? []).length === 0) {
    throw new Failure("data.refused", "domain is undefined");
  }
  for (const { name, type } of types.get(domainType) ?? []) {
    const wanted = domainTypes.get(name);
    if (wanted === type.text) continue;
    const expected = wanted === undefined ? "no such field" : `type '${wanted}'`;
    throw new Failure("data.refused", `expected ${expected} at "domain.${name}"`);
  }
  const chainId = domain.get("chainId");
  const isScalar = typeof chainId === "string" || chainId instanceof JsonNumber;
  if (isScalar && parseInteger(chainId) === undefined) {
    const quoted = `"${goText(chainId)}"`;
    throw new Failure(
      "params.invalid",
      `invalid argument 1: invalid hex or decimal integer ${quoted}`,
    );
  }
}

function noTypedData(): Failure {
  const parts = "types, primaryType, domain and message";
  return new Failure("params.invalid", `invalid argument 1: expected an object with ${parts}`);
}
