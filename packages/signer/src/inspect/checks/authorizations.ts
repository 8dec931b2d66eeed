import { type Address, checksummed, zeroAddress } from "../../domain/address.ts";
import type { Authorization } from "../../domain/authorization.ts";
import { endOf } from "../../domain/confirmation.ts";
import { cleftFinding, type Finding } from "../../domain/finding.ts";
import type { SetCode } from "../../signable/set-code.ts";
import { type Authorities, delegateLabel } from "../kinds/set-code.ts";

/** Says what each authorization of a set-code transaction does, and which the network will skip. */
export function setCodeFindings(
  tx: SetCode,
  { from, authorities }: { readonly from: Address; readonly authorities: Authorities },
): Finding[] {
  // The sender's own nonce is used up by the transaction before its authorizations are looked at, and
  // each one that counts uses up another.
  let senderNonce = tx.nonce + 1n;
  return tx.authorizations.flatMap((one, at) => {
    const authority = authorities[at];
    const name = `authorization ${at + 1}`;
    if (authority === undefined) {
      return [cleftFinding("warning", `${name} has no valid signature, the network will skip it`)];
    }
    const own = authority === from;
    const skipped = skippedFindings(one, tx, { name, senderNonce: own ? senderNonce : undefined });
    if (own && skipped.length === 0) senderNonce++;
    return [...grantFindings(one, authority, { name, own }), ...skipped];
  });
}

/** What an authorization lets happen, whoever sends it. */
export function grantFindings(
  { chainId, delegate }: Authorization,
  authority: Address,
  { name, own }: { readonly name: string; readonly own: boolean },
): Finding[] {
  const whose = `${own ? "YOUR account " : ""}${checksummed(authority)}`;
  const grant =
    delegate === zeroAddress
      ? `${name} takes the code of ${whose} away`
      : `${name} lets the contract ${checksummed(delegate)} do ANYTHING with ${whose}`;
  const everywhere =
    chainId === 0n ? [cleftFinding("critical", `${name} counts on EVERY chain`)] : [];
  if (delegate === zeroAddress) return [cleftFinding("warning", grant), ...everywhere];
  const confirmation = endOf(delegate, delegateLabel);
  return [{ ...cleftFinding("critical", grant), confirmation }, ...everywhere];
}

/** Of other accounts the nonce isn't known here. */
function skippedFindings(
  { chainId, nonce }: Authorization,
  tx: SetCode,
  { name, senderNonce }: { readonly name: string; readonly senderNonce: bigint | undefined },
): Finding[] {
  const skipped: string[] = [];
  if (chainId !== 0n && chainId !== tx.chainId) skipped.push(`is for chain ${chainId}`);
  if (senderNonce !== undefined && nonce !== senderNonce) {
    skipped.push(`has nonce ${nonce} but the sender will be at ${senderNonce}`);
  }
  return skipped.map((why) => cleftFinding("warning", `${name} ${why}, the network will skip it`));
}
