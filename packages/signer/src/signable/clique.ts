import { toHex } from "@cleft/protocol/hex.ts";
import { RLP } from "micro-eth-signer/core/rlp.js";
import { Failure } from "../domain/failure.ts";
import { hashOf } from "../domain/hash.ts";
import type { SpelledAddress } from "./fields.ts";
import type { MessageForm } from "./message-form.ts";

/** The header of a block that a Clique network's sealer signs (EIP-225), without its seal. */
export interface CliqueHeader {
  readonly tag: "clique";
  readonly account: SpelledAddress;
  readonly number: bigint;
  /** Every field in its order: a number in decimal, anything else as hex. */
  readonly fields: readonly HeaderField[];
  /** The header as it was sent, which is what is signed. */
  readonly encoded: Uint8Array;
}

export interface HeaderField {
  readonly name: string;
  readonly text: string;
}

/** How many bytes a field has; a number has at most as many, and no zero in front. */
type FieldRule = readonly [name: string, kind: "bytes" | "number" | "any", bytes: number];

/** THE LIST of a header's fields; the last one came with EIP-1559. */
const rules: readonly FieldRule[] = [
  ["parent", "bytes", 32],
  ["uncles", "bytes", 32],
  ["coinbase", "bytes", 20],
  ["state root", "bytes", 32],
  ["transactions", "bytes", 32],
  ["receipts", "bytes", 32],
  ["bloom", "bytes", 256],
  ["difficulty", "number", 32],
  ["number", "number", 32],
  ["gas limit", "number", 8],
  ["gas used", "number", 8],
  ["time", "number", 8],
  ["extra", "any", 0],
  ["mix digest", "bytes", 32],
  ["nonce", "bytes", 8],
  ["base fee", "number", 32],
];
const [optionalFields, numberAt, extraAt, sealBytes] = [1, 8, 12, 65];

/**
 * Parses a header in RLP. It has no seal yet.
 * @throws Failure `data.refused`; `params.invalid` for fields that a Clique header can't have
 */
export function parseCliqueHeader(account: SpelledAddress, untrusted: Uint8Array): CliqueHeader {
  const values = decodeList(untrusted);
  if (values.length > rules.length) {
    const most = `a Clique header has at most ${rules.length} fields`;
    throw new Failure("params.invalid", `invalid argument 2: ${most}, got ${values.length}`);
  }
  if (values.length < rules.length - optionalFields) refuse("too few elements for types.Header");
  const fields = values.map((value, at) => parseField(value, rules[at] ?? ["", "any", 0]));
  const number = BigInt(fields[numberAt]?.text ?? "0");
  return { tag: "clique", account, number, fields, encoded: untrusted };
}

/** The same as windows are shown it. Clef names the hash that the header has with an empty seal. */
export function cliqueForm({ account, number, encoded }: CliqueHeader): MessageForm {
  const sealed = decodeList(encoded).map((value, at) =>
    at === extraAt ? Buffer.concat([value, Buffer.alloc(sealBytes)]) : value,
  );
  const hash = hashOf(RLP.encode(sealed));
  return {
    account,
    contentType: "application/x-clique-header",
    preimage: encoded,
    messages: [
      { name: "Clique header", value: `clique header ${number} [${hash}]`, type: "clique" },
    ],
    firstV: 0,
  };
}

function decodeList(untrusted: Uint8Array): readonly Uint8Array[] {
  if ((untrusted[0] ?? 0) < 0xc0) refuse("expected input list for types.Header");
  try {
    const decoded: unknown = RLP.decode(untrusted);
    if (Array.isArray(decoded) && decoded.every((item) => item instanceof Uint8Array)) {
      return decoded;
    }
  } catch {
    // Its texts are of no use to a caller.
  }
  return refuse("the header is not well-formed");
}

function parseField(untrusted: Uint8Array, [name, kind, bytes]: FieldRule): HeaderField {
  if (kind === "bytes" && untrusted.length !== bytes) {
    refuse(`expected ${bytes} bytes of ${name}, got ${untrusted.length}`);
  }
  if (kind !== "number") return { name, text: toHex(untrusted) };
  if (untrusted.length > bytes || untrusted[0] === 0) {
    refuse(`expected a number of at most ${bytes} bytes as ${name}`);
  }
  return { name, text: String(untrusted.length === 0 ? 0n : BigInt(toHex(untrusted))) };
}

function refuse(reason: string): never {
  throw new Failure("data.refused", `rlp: ${reason}`);
}
