import { Failure } from "../domain/failure.ts";
import type { Finding } from "../domain/finding.ts";
import type { ChainId } from "../domain/quantity.ts";

/** What policy says. There is no policy file yet, so whatever passes the hard checks is asked. */
export type Verdict =
  | { readonly verdict: "reject"; readonly failure: Failure }
  | { readonly verdict: "ask" };

/** What a verdict depends on besides the request. */
export interface JudgeSettings {
  /** The chain of a request that names none; one of `chains`. */
  readonly chainId: ChainId;
  /** The chains that may be signed for. */
  readonly chains: readonly ChainId[];
  /** `reject`: a warning of Clef's catalogue rejects (its default). `show`: a person decides. */
  readonly findings: "reject" | "show";
}

/** What is judged. `chainId` is what the caller wrote, undefined if nothing. */
export interface Case {
  readonly findings: readonly Finding[];
  readonly chainId: bigint | undefined;
}

/**
 * Judges a request. Pure. The hard checks come in Clef's order: its own findings, then the chain.
 */
export function judge({ findings, chainId }: Case, settings: JudgeSettings): Verdict {
  const rejecting = findings.filter(
    ({ source, severity }) => source === "clef" && severity !== "info",
  );
  if (settings.findings === "reject" && rejecting.length > 0) {
    const messages = rejecting.map(({ message }) => message).join(",");
    const hint = "start with --advanced to see such requests and decide yourself";
    return reject(new Failure("transaction.refused", `validation failed: ${messages}`, { hint }));
  }
  if (chainId !== undefined && listed(chainId, settings) === undefined) {
    const wrong = `requested chainid ${chainId} does not match the configuration of the signer`;
    return reject(new Failure("chain.wrong", wrong));
  }
  return { verdict: "ask" };
}

/**
 * The chain that a request is read for: the one that it names, else the default. One that isn't
 * listed is read for the default as well, because Clef tells its findings first; `judge` then
 * rejects it, so nothing is signed for a chain that wasn't asked for.
 */
export function chainOf(chainId: Case["chainId"], settings: JudgeSettings): ChainId {
  return listed(chainId, settings) ?? settings.chainId;
}

/** The chains that may be signed for, the default one last. */
export function servedChains({ chains, chainId }: JudgeSettings): readonly ChainId[] {
  return [...chains.filter((chain) => chain !== chainId), chainId];
}

function listed(chainId: Case["chainId"], { chains }: JudgeSettings): ChainId | undefined {
  return chains.find((chain) => chain === chainId);
}

function reject(failure: Failure): Verdict {
  return { verdict: "reject", failure };
}
