import { spellingOf, zeroAddress } from "../../domain/address.ts";
import { Failure } from "../../domain/failure.ts";
import type { Finding, Severity } from "../../domain/finding.ts";
import { zeroWei } from "../../domain/quantity.ts";
import type { TransactionArgs } from "../../signable/transaction-args.ts";

/**
 * Clef's validation catalogue for transactions: its sentences and severities, in its order.
 * Scripts and rules match these texts. Calldata is looked up in no database yet, so every
 * selector is unknown.
 */
export function clefFindings(args: TransactionArgs): Finding[] {
  if (args.to === "create") return creationFindings(args);
  return [...recipientFindings(args), ...feeFindings(args), ...calldataFindings(args)];
}

/** Init code shorter than this can't return a useful contract, says Clef. */
const initCodeBytesMin = 40;

function creationFindings(args: TransactionArgs): Finding[] {
  const bytes = dataBytes(args);
  if (bytes === 0 && args.value > zeroWei) {
    throw new Failure(
      "transaction.refused",
      "transaction will create a contract with value but empty code",
    );
  }
  if (bytes === 0) {
    return [clef("critical", "Transaction will create a contract with empty code")];
  }
  if (bytes < initCodeBytesMin) {
    const small = `the payload is suspiciously small (${bytes} bytes)`;
    return [clef("warning", `Transaction will create a contract, but ${small}`)];
  }
  return [];
}

/** All lower or all upper case carries no checksum: most web clients send it (DIVERGENCES). */
function recipientFindings({ to }: TransactionArgs): Finding[] {
  if (to === "create") return [];
  const findings: Finding[] = [];
  if (spellingOf(to.text, to.address) === "wrong") {
    findings.push(clef("warning", "Invalid checksum on recipient address"));
  }
  if (to.address === zeroAddress) {
    findings.push(clef("critical", "Transaction recipient is the zero address"));
  }
  return findings;
}

/** Only the first contradiction is named, as in Clef. */
function feeFindings(args: TransactionArgs): Finding[] {
  const { gasPrice, maxFeePerGas, maxPriorityFeePerGas } = args;
  if (gasPrice === undefined && maxFeePerGas === undefined) {
    return [clef("critical", "Neither 'gasPrice' nor 'maxFeePerGas' specified.")];
  }
  if (gasPrice === undefined && maxPriorityFeePerGas === undefined) {
    return [clef("critical", "Neither 'gasPrice' nor 'maxPriorityFeePerGas' specified.")];
  }
  if (gasPrice !== undefined && maxFeePerGas !== undefined) {
    return [clef("critical", "Both 'gasPrice' and 'maxFeePerGas' specified.")];
  }
  if (gasPrice !== undefined && maxPriorityFeePerGas !== undefined) {
    return [clef("critical", "Both 'gasPrice' and 'maxPriorityFeePerGas' specified.")];
  }
  return [];
}

function calldataFindings(args: TransactionArgs): Finding[] {
  const bytes = dataBytes(args);
  if (bytes === 0) return [];
  const invalid = "Transaction data is not valid ABI";
  if (bytes < 4) return [clef("warning", `${invalid} (missing the 4 byte call prefix)`)];
  const findings: Finding[] = [];
  if ((bytes - 4) % 32 !== 0) {
    const length = `length should be a multiple of 32 (was ${bytes - 4})`;
    findings.push(clef("warning", `${invalid} (${length})`));
  }
  const selector = args.data?.slice(2, 10);
  const unknown = `the ABI signature could not be found: signature ${selector} not found`;
  findings.push(clef("warning", `Transaction contains data, but ${unknown}`));
  return findings;
}

function dataBytes({ data }: TransactionArgs): number {
  return data === undefined ? 0 : (data.length - 2) / 2;
}

function clef(severity: Severity, message: string): Finding {
  return { severity, message, source: "clef" };
}
