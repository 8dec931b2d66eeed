import { type Hex, toHex } from "@cleft/protocol/hex.ts";
import { parseJson } from "@cleft/protocol/json.ts";
import { checksummed, parseAddress } from "../../../packages/signer/src/domain/address.ts";
import { limits } from "../../../packages/signer/src/domain/limits.ts";
import { packSignature } from "../../../packages/signer/src/domain/signature.ts";
import {
  authorizationPreimage,
  parseAuthorization,
} from "../../../packages/signer/src/signable/authorization.ts";
import { preimageOf, resultOf } from "../../../packages/signer/src/signable/kinds.ts";
import { encodeEnvelope, type RlpInput } from "../../../packages/signer/src/signable/rlp.ts";
import { keccak_256 } from "../keccak.ts";
import { curve, hexBytes, parseVector, quantity } from "../signing.ts";
import { type Case, readVectors, same, type VectorFile, type Verdict } from "../tally.ts";

/** A call of one of viem's functions in its own tests. */
interface Recorded {
  readonly test: string | null;
  readonly fn: string;
  readonly args: readonly unknown[];
  readonly result?: unknown;
  readonly throws?: { readonly name: string };
}

export const viem: VectorFile = {
  file: "transactions/viem-recorded.json",
  passesMin: 52,
  cases: () =>
    readVectors<Recorded[]>("transactions/viem-recorded.json").map(
      (call): Case => ({ name: `${call.fn} ${call.test}`, run: () => judge(call) }),
    ),
};

function judge(call: Recorded): Verdict {
  const [first] = call.args;
  const expected = String(call.result);
  switch (call.fn) {
    case "serializeTransaction":
      return judgeSerialized(call);
    case "keccak256":
      return same(toHex(keccak_256(hexBytes(String(first)))), expected);
    case "getAddress":
      return same(checksummedOf(String(first)), expected);
    case "sign":
      return judgeSignature(call);
    case "toRlp":
      return same(toHex(encodeEnvelope(undefined, evenHex(first))), expected);
    case "parseTransaction":
    case "getSerializedTransactionType":
    case "toTransactionArray":
    case "parseAccessList":
      return { refused: "reads raw bytes" };
    case "hashAuthorization":
      return same(toHex(digestOf(first)), expected);
    case "signAuthorization":
      return judgeAuthorization(call);
    case "recoverAuthorizationAddress":
      return judgeAuthority(call);
    default:
      return { refused: "helper of viem" };
  }
}

function checksummedOf(text: string): string | undefined {
  const address = parseAddress(text);
  return address === undefined ? undefined : checksummed(address);
}

/** viem writes the number 1 as the byte 0x01. */
function evenHex(value: unknown): RlpInput {
  if (Array.isArray(value)) return value.map(evenHex);
  const digits = String(value).slice(2);
  return `0x${digits.length % 2 === 0 ? digits : `0${digits}`}`;
}

interface ViemSignature {
  readonly r: Hex;
  readonly s: Hex;
  readonly yParity: 0 | 1;
}

/** Without a signature it is the preimage, with one the whole envelope. */
function judgeSerialized({ args, result }: Recorded): Verdict {
  const [fields, signature] = args as [Record<string, unknown>, ViemSignature | undefined];
  const expected = String(result);
  const type = Number.parseInt(expected.slice(2, 4), 16);
  if (fields["sidecars"] !== undefined) return { refused: "short blobs" };
  if (fields["chainId"] === undefined) return { refused: "unprotected" };
  const known = type === 1 || type === 2 || type === 3 || type === 4 ? type : 0;
  const sender = `0x${"11".repeat(20)}`;
  const signing = parseVector({ ...fields, type: known, chainId: fields["chainId"] }, sender);
  if (signature === undefined) return same(toHex(preimageOf(signing)), expected);
  return same(resultOf(signing, signature).raw, expected);
}

function judgeSignature({ args, result }: Recorded): Verdict {
  const [{ hash, privateKey }] = args as [{ hash: string; privateKey: string }];
  const { r, s, yParity } = result as ViemSignature;
  const own = curve.sign(hexBytes(privateKey), hexBytes(hash));
  return same(JSON.stringify(own), JSON.stringify({ r, s, yParity }));
}

interface ViemAuthorization {
  readonly address?: string;
  readonly contractAddress?: string;
  readonly chainId: number;
  readonly nonce: number;
}

/** The number that an authorization's account signs. */
function digestOf(untrusted: unknown): Uint8Array {
  const { address, contractAddress, chainId, nonce } = untrusted as ViemAuthorization;
  const wire = {
    from: `0x${"11".repeat(20)}`,
    chainId: quantity(chainId),
    address: contractAddress ?? address,
    nonce: quantity(nonce),
  };
  const json = parseJson(JSON.stringify(wire), limits.json);
  return keccak_256(authorizationPreimage(parseAuthorization(json)));
}

function judgeAuthorization({ args, result }: Recorded): Verdict {
  const [asked] = args as [{ privateKey: string }];
  const own = curve.sign(hexBytes(asked.privateKey), digestOf(asked));
  if (typeof result === "string") return same(packSignature(own), result);
  const { r, s, yParity } = result as ViemSignature;
  return same(JSON.stringify(own), JSON.stringify({ r, s, yParity }));
}

/** The signature comes as an object or as 65 bytes. */
function judgeAuthority({ args, result }: Recorded): Verdict {
  const [{ authorization, signature }] = args as [
    { authorization: unknown; signature: ViemSignature | Hex },
  ];
  const given =
    typeof signature === "string"
      ? ({
          r: `0x${signature.slice(2, 66)}`,
          s: `0x${signature.slice(66, 130)}`,
          yParity: signature.endsWith("1b") ? 0 : 1,
        } as const)
      : signature;
  return same(curve.recover(digestOf(authorization), given), String(result).toLowerCase());
}
