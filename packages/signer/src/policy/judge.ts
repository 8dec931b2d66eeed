import { type Address, checksummed, zeroAddress } from "../domain/address.ts";
import type { Authorization } from "../domain/authorization.ts";
import type { CallerIdentity } from "../domain/caller.ts";
import { Failure } from "../domain/failure.ts";
import type { Finding, FindingsModes } from "../domain/finding.ts";
import type { Permit } from "../domain/permit.ts";
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
  readonly findings: FindingsModes;
  /** Contracts whose code an account may be given (EIP-7702). */
  readonly delegates: readonly Address[];
  /** Hard denials that the operator has lifted. */
  readonly permits: readonly Permit[];
}

/** What is judged. `chainId` is what the caller wrote, undefined if nothing. */
export interface Case {
  /** The way that the caller came in. */
  readonly channel: CallerIdentity["kind"];
  readonly findings: readonly Finding[];
  readonly chainId: bigint | undefined;
  /** Those that would be signed, or sent on; none for most. */
  readonly authorizations?: readonly Authorization[];
}

/**
 * Judges a request. Pure. The hard checks come in Clef's order: its own findings, then the chain;
 * then what only a permit of the operator lifts.
 */
export function judge(
  { channel, findings, chainId, authorizations = [] }: Case,
  settings: JudgeSettings,
): Verdict {
  const rejecting = findings.filter(
    ({ source, severity }) => source === "clef" && severity !== "info",
  );
  if (settings.findings[channel] === "reject" && rejecting.length > 0) {
    const messages = rejecting.map(({ message }) => message).join(",");
    const hint = `start with --advanced, or say ${listenerOf[channel]}.findings = "show" in cleft.toml, to decide yourself`;
    return reject(new Failure("transaction.refused", `validation failed: ${messages}`, { hint }));
  }
  if (chainId !== undefined && listed(chainId, settings) === undefined) {
    const wrong = `requested chainid ${chainId} does not match the configuration of the signer`;
    const hint = `to sign for it, add ${chainId} to chains in cleft.toml`;
    return reject(new Failure("chain.wrong", wrong, { hint }));
  }
  const denial = denialOf(authorizations, settings);
  return denial === undefined ? { verdict: "ask" } : reject(denial);
}

const listenerOf = { loopback: "http", socket: "ipc", qube: "qrexec" } as const;

/** Most delegations that were ever made emptied the account, and one for chain 0 does it everywhere. */
function denialOf(
  authorizations: readonly Authorization[],
  { delegates, permits }: JudgeSettings,
): Failure | undefined {
  for (const { chainId, delegate } of authorizations) {
    if (chainId === 0n && !permits.includes("authorization-any-chain")) {
      const hint = 'permit_dangerous = ["authorization-any-chain"] in cleft.toml lifts this';
      return new Failure(
        "authorization.denied",
        "an authorization for chain 0 would count on every chain",
        { hint },
      );
    }
    const isListed = delegate === zeroAddress || delegates.includes(delegate);
    if (!isListed && !permits.includes("authorization-any-delegate")) {
      const hint = `delegates = ["${checksummed(delegate)}"] in cleft.toml lets accounts have its code`;
      const message = `the delegate ${checksummed(delegate)} is not among this signer's delegates`;
      return new Failure("authorization.denied", message, { hint });
    }
  }
  return undefined;
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
