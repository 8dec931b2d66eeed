import { toHex } from "@cleft/protocol/hex.ts";
import { checksummed, spellingOf } from "../../domain/address.ts";
import { endOf } from "../../domain/confirmation.ts";
import { clefFinding, cleftFinding, type Finding } from "../../domain/finding.ts";
import type { Review } from "../../domain/review.ts";
import type { ValidatorData } from "../../signable/validator.ts";
import { field } from "../review-field.ts";

/** Says what data for a validator would do: nobody but that contract can know. Pure. */
export function inspectValidatorData(data: ValidatorData): Review {
  const { account, validator, message } = data;
  const address = checksummed(account.address);
  return {
    headline: "Sign data for one contract",
    findings: findingsOf(data),
    fields: [
      field("account", address),
      field("contract", checksummed(validator.address)),
      field("length", `${message.length} bytes, shown below`),
    ],
    details: [field("signed as", "data for a validator of EIP-191 (version 0x00)")],
    data: toHex(message),
    confirmation: endOf(account.address, "account"),
  };
}

function findingsOf({ validator }: ValidatorData): Finding[] {
  const blind = cleftFinding(
    "warning",
    "only the contract knows what this means: you would sign blind",
  );
  if (spellingOf(validator.text, validator.address) !== "wrong") return [blind];
  const message = "Invalid checksum on validator address";
  return [clefFinding("warning", message), blind];
}
