import { parseJson } from "@cleft/protocol/json.ts";
import { Failure } from "../../../packages/signer/src/domain/failure.ts";
import { limits } from "../../../packages/signer/src/domain/limits.ts";
import { packSignature } from "../../../packages/signer/src/domain/signature.ts";
import {
  authorizationPreimage,
  parseAuthorization,
} from "../../../packages/signer/src/signable/authorization.ts";
import { hexBytes, signPreimage } from "../signing.ts";
import { attempt, type Case, readVectors, same, type VectorFile, type Verdict } from "../tally.ts";

/** A call of one of eth-sig-util's functions in its own tests; `authorization` is chain, contract, nonce. */
interface Recorded {
  readonly test: string;
  readonly fn: string;
  readonly args: readonly (Asked | unknown[] | null)[];
  readonly result?: string;
}

interface Asked {
  readonly privateKey?: { readonly $bytes: string };
  readonly authorization?: readonly unknown[] | null;
}

const file = "transactions/eth-sig-util-sign-eip7702-authorization.json";

export const ethSigUtil: VectorFile = {
  file,
  passesMin: 13,
  cases: () =>
    readVectors<Recorded[]>(file).map(
      (call): Case => ({ name: call.test, run: () => judge(call) }),
    ),
};

function judge({ fn, args: [first], result }: Recorded): Verdict {
  if (fn.startsWith("recover")) return { refused: "API of the library" };
  const asked = Array.isArray(first) || first === null ? { authorization: first } : first;
  const { privateKey, authorization }: Asked = asked ?? {};
  if (fn.startsWith("sign") && privateKey === undefined) return { refused: "API of the library" };
  const parsed = attempt(() => parseAuthorization(wireOf(authorization ?? null)));
  if (parsed instanceof Failure) {
    return result === undefined ? "pass" : { wrong: parsed.message };
  }
  if (result === undefined || privateKey === undefined) return { wrong: "it was accepted" };
  const signature = signPreimage(hexBytes(privateKey.$bytes), authorizationPreimage(parsed));
  return same(packSignature(signature), result);
}

/** Numbers become quantities, as a client writes them; whatever else it is stays. */
function wireOf(authorization: readonly unknown[] | null) {
  const [chainId, address, nonce] = authorization ?? [];
  const from = `0x${"11".repeat(20)}`;
  const wire = { from, chainId: written(chainId), address, nonce: written(nonce) };
  return parseJson(JSON.stringify(authorization === null ? null : wire), limits.json);
}

function written(value: unknown): unknown {
  if (typeof value !== "number") return value;
  return value < 0 ? String(value) : `0x${BigInt(value).toString(16)}`;
}
