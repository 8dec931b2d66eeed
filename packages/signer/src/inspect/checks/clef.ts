import { spellingOf, zeroAddress } from "../../domain/address.ts";
import { Failure } from "../../domain/failure.ts";
import { clefFinding, type Finding } from "../../domain/finding.ts";
import { zeroWei } from "../../domain/quantity.ts";
import type { TransactionArgs } from "../../signable/transaction-args.ts";
import { type Calldata, formatCall } from "../calldata.ts";

/** What Clef looks at. */
export type Checked = Pick<
  TransactionArgs,
  "to" | "value" | "data" | "gasPrice" | "maxFeePerGas" | "maxPriorityFeePerGas" | "claimedMethod"
>;

/**
 * Clef's validation catalogue for transactions: its sentences and severities, in its order.
 * Scripts and rules match these texts.
 */
export function clefFindings(args: Checked, calldata: Calldata): Finding[] {
  if (args.to === "create") return [...creationFindings(args), ...selectorFindings(args)];
  return [...recipientFindings(args), ...feeFindings(args), ...calldataFindings(args, calldata)];
}

/** Init code shorter than this can't return a useful contract, says Clef. */
const initCodeBytesMin = 40;

function creationFindings(args: Checked): Finding[] {
  const bytes = dataBytes(args);
  if (bytes === 0 && args.value > zeroWei) {
    throw new Failure(
      "transaction.refused",
      "transaction will create a contract with value but empty code",
    );
  }
  if (bytes === 0) {
    return [clefFinding("critical", "Transaction will create a contract with empty code")];
  }
  if (bytes < initCodeBytesMin) {
    const small = `the payload is suspiciously small (${bytes} bytes)`;
    return [clefFinding("warning", `Transaction will create a contract, but ${small}`)];
  }
  return [];
}

/** All lower or all upper case carries no checksum: most web clients send it (DIVERGENCES). */
function recipientFindings({ to }: Checked): Finding[] {
  if (to === "create") return [];
  const findings: Finding[] = [];
  if (spellingOf(to.text, to.address) === "wrong") {
    findings.push(clefFinding("warning", "Invalid checksum on recipient address"));
  }
  if (to.address === zeroAddress) {
    findings.push(clefFinding("critical", "Transaction recipient is the zero address"));
  }
  return findings;
}

/** Only the first contradiction is named, as in Clef. */
function feeFindings(args: Checked): Finding[] {
  const { gasPrice, maxFeePerGas, maxPriorityFeePerGas } = args;
  if (gasPrice === undefined && maxFeePerGas === undefined) {
    return [clefFinding("critical", "Neither 'gasPrice' nor 'maxFeePerGas' specified.")];
  }
  if (gasPrice === undefined && maxPriorityFeePerGas === undefined) {
    return [clefFinding("critical", "Neither 'gasPrice' nor 'maxPriorityFeePerGas' specified.")];
  }
  if (gasPrice !== undefined && maxFeePerGas !== undefined) {
    return [clefFinding("critical", "Both 'gasPrice' and 'maxFeePerGas' specified.")];
  }
  if (gasPrice !== undefined && maxPriorityFeePerGas !== undefined) {
    return [clefFinding("critical", "Both 'gasPrice' and 'maxPriorityFeePerGas' specified.")];
  }
  return [];
}

function selectorFindings({ claimedMethod }: Checked): Finding[] {
  if (claimedMethod === undefined) return [];
  const intent = "method selector supplied, indicating an intent to call a method";
  return [clefFinding("warning", `Transaction will create a contract, but ${intent}`)];
}

function calldataFindings(args: Checked, calldata: Calldata): Finding[] {
  const bytes = dataBytes(args);
  if (bytes === 0) return [];
  const invalid = "Transaction data is not valid ABI";
  if (bytes < 4) return [clefFinding("warning", `${invalid} (missing the 4 byte call prefix)`)];
  const length = `length should be a multiple of 32 (was ${bytes - 4})`;
  const padding = (bytes - 4) % 32 === 0 ? [] : [clefFinding("warning", `${invalid} (${length})`)];
  return [...padding, ...methodFindings(calldata)];
}

function methodFindings(calldata: Calldata): Finding[] {
  const contains = "Transaction contains data, but";
  switch (calldata.kind) {
    case "none":
      return [];
    case "decoded": {
      const call = JSON.stringify(formatCall(calldata.calls[0]));
      return [clefFinding("info", `Transaction invokes the following method: ${call}`)];
    }
    case "unknown": {
      const unknown = `signature ${calldata.selector} not found`;
      return [
        clefFinding("warning", `${contains} the ABI signature could not be found: ${unknown}`),
      ];
    }
    case "mismatch": {
      const failed = calldata.claimed ? "matched" : "verified";
      const text = `provided ABI signature could not be ${failed}: ${calldata.reason}`;
      return [clefFinding("warning", `${contains} ${text}`)];
    }
  }
}

function dataBytes({ data }: Checked): number {
  return data === undefined ? 0 : (data.length - 2) / 2;
}
