import type { JsonValue } from "@cleft/protocol/json.ts";
import { Failure } from "../domain/failure.ts";
import type { ChainId } from "../domain/quantity.ts";
import { toAuthorizationWire } from "./authorization.ts";
import type { SidecarArgs } from "./blob-args.ts";
import { parseTransactionArgs, type TransactionArgs } from "./transaction-args.ts";

/**
 * Parses the transaction that a window sent back. It may have changed gas, fees and the nonce and
 * lowered the value, nothing else. Compared by meaning: form and capitals don't matter, and an
 * absent chain is `chainId`, the one that was shown.
 * @throws Failure `window.amendment`
 */
export function parseAmended(
  asked: TransactionArgs,
  untrusted: JsonValue,
  chainId: ChainId,
): TransactionArgs {
  const returned = parseReturned(untrusted);
  const changed = changedField(asked, returned, chainId);
  if (changed !== undefined) {
    throw new Failure("window.amendment", `the window changed ${changed}, which it may not`);
  }
  return {
    ...returned,
    from: asked.from,
    to: asked.to,
    blob: amendedBlob(asked, returned),
    chainId: asked.chainId ?? returned.chainId,
    ignored: asked.ignored,
    claimedMethod: asked.claimedMethod,
  };
}

function parseReturned(untrusted: JsonValue): TransactionArgs {
  try {
    return parseTransactionArgs(untrusted);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure("window.amendment", "the window sent back no valid transaction", {
      cause: error,
    });
  }
}

function changedField(
  asked: TransactionArgs,
  returned: TransactionArgs,
  chainId: ChainId,
): string | undefined {
  const same = {
    from: asked.from.address === returned.from.address,
    to: recipientOf(asked) === recipientOf(returned),
    type: asked.type === returned.type,
    data: (asked.data ?? "0x") === (returned.data ?? "0x"),
    accessList: accessOf(asked) === accessOf(returned),
    blobVersionedHashes: isSameList(asked.blob?.hashes, returned.blob?.hashes),
    blobs: isSameSidecar(asked.blob?.sidecar, returned.blob?.sidecar),
    authorizationList: authorizationsOf(asked) === authorizationsOf(returned),
    chainId: (returned.chainId ?? asked.chainId ?? chainId) === (asked.chainId ?? chainId),
    value: returned.value <= asked.value,
  };
  return Object.entries(same).find(([, equal]) => !equal)?.[0];
}

function recipientOf({ to }: TransactionArgs): string {
  return to === "create" ? to : to.address;
}

function accessOf({ accessList }: TransactionArgs): string {
  return JSON.stringify(accessList ?? []);
}

function authorizationsOf({ authorizationList = [] }: TransactionArgs): string {
  return JSON.stringify(authorizationList.map((one) => toAuthorizationWire(one, one.signature)));
}

/** Text by text: there may be a megabyte of it. */
function isSameSidecar(one: SidecarArgs | undefined, other: SidecarArgs | undefined): boolean {
  return (
    one?.version === other?.version &&
    isSameList(one?.blobs, other?.blobs) &&
    isSameList(one?.proven?.commitments, other?.proven?.commitments) &&
    isSameList(one?.proven?.proofs, other?.proven?.proofs)
  );
}

function isSameList(
  one: readonly string[] | undefined,
  other: readonly string[] | undefined,
): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.length === other.length && one.every((text, at) => text === other[at]);
}

/** What was checked is kept, it is the same; only the fee may differ. */
function amendedBlob(asked: TransactionArgs, returned: TransactionArgs): TransactionArgs["blob"] {
  if (asked.blob === undefined || returned.blob === undefined) return asked.blob;
  return { ...asked.blob, maxFeePerBlobGas: returned.blob.maxFeePerBlobGas };
}
