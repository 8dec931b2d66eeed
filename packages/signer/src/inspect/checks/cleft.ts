import { spellingOf } from "../../domain/address.ts";
import { cleftFinding, type Finding } from "../../domain/finding.ts";
import { limits } from "../../domain/limits.ts";
import type { Signing } from "../../signable/kinds.ts";
import type { TransactionArgs } from "../../signable/transaction-args.ts";

/** Gas that one transaction may use since Osaka (EIP-7825). */
const gasPerTransactionMax = 16_777_216n;

/** What Cleft notices beyond Clef's catalogue. None of it rejects by itself. */
export function cleftFindings(args: TransactionArgs, signing: Signing): Finding[] {
  return [
    ...spellingFindings(args),
    ...ignoredFindings(args),
    ...feeFindings(signing),
    ...gasFindings(signing),
  ];
}

function spellingFindings({ to }: TransactionArgs): Finding[] {
  if (to === "create") return [];
  switch (spellingOf(to.text, to.address)) {
    case "checksummed":
      return [];
    case "unchecksummed":
      return [cleftFinding("info", "the caller wrote the recipient without a checksum")];
    case "wrong":
      // Below it stands with the right one: what was sent can't be seen there.
      return [cleftFinding("info", `the caller wrote the recipient as ${to.text}`)];
  }
}

function ignoredFindings({ ignored, chainId }: TransactionArgs): Finding[] {
  const named = ignored.slice(0, limits.ignoredNamedMax);
  const findings = named.map((name) => cleftFinding("info", `ignored field "${short(name)}"`));
  if (ignored.length > named.length) {
    findings.push(cleftFinding("info", `ignored ${ignored.length - named.length} more fields`));
  }
  if (chainId === undefined) {
    findings.push(cleftFinding("info", "the caller named no chain, the configured one is used"));
  }
  return findings;
}

/** The network drops such a transaction: the tip is a part of the cap (EIP-1559). */
function feeFindings(signing: Signing): Finding[] {
  if (!("maxFeePerGas" in signing)) return [];
  if (signing.maxPriorityFeePerGas <= signing.maxFeePerGas) return [];
  return [
    cleftFinding("warning", "the tip is above the fee cap, the network will drop this transaction"),
  ];
}

function gasFindings({ gas }: Signing): Finding[] {
  if (gas <= gasPerTransactionMax) return [];
  return [
    cleftFinding("warning", `more gas than one transaction may use (${gasPerTransactionMax})`),
  ];
}

function short(name: string): string {
  return name.length > limits.keyCharsMax ? `${name.slice(0, limits.keyCharsMax)}...` : name;
}
