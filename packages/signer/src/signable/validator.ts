import { fromHex, toHex } from "@cleft/protocol/hex.ts";
import { isObject, type JsonValue } from "@cleft/protocol/json.ts";
import { checksummed, parseAddress } from "../domain/address.ts";
import { Failure } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import { type SpelledAddress, unknownNames } from "./fields.ts";
import { parseHexData } from "./hex-data.ts";
import type { MessageForm } from "./message-form.ts";

/** Data that only one contract, the validator, will read (EIP-191, version 0x00). */
export interface ValidatorData {
  readonly tag: "validator";
  readonly account: SpelledAddress;
  readonly validator: SpelledAddress;
  readonly message: Uint8Array;
}

/**
 * Parses `{address, message}`. An address of another length than 20 bytes is refused: Clef fills it
 * up or cuts it, and signs for another contract.
 * @throws Failure `data.refused` with Clef's text
 */
export function parseValidatorData(account: SpelledAddress, untrusted: JsonValue): ValidatorData {
  if (!isObject(untrusted)) refuse("validator input is not a map[string]interface{}");
  unknownNames(untrusted, ["address", "message"], { argument: 2 });
  const [address, text] = [untrusted.get("address") ?? null, untrusted.get("message") ?? null];
  const { textBytesMax: bytesMax } = limits;
  const bytes = parseHexData(address, { bytesMax, lead: "validator address error: " });
  if (bytes.length === 0) refuse("validator address is undefined");
  const validator = parseAddress(toHex(bytes));
  if (validator === undefined || typeof address !== "string") {
    return refuse(`validator address error: expected 20 bytes, got ${bytes.length}`);
  }
  const message = parseHexData(text, { bytesMax, lead: "message error: " });
  if (message.length === 0) refuse("message is undefined");
  return { tag: "validator", account, validator: { address: validator, text: address }, message };
}

/** Version 0x00 of EIP-191, the validator, the message. */
export function validatorPreimage({
  validator,
  message,
}: Pick<ValidatorData, "validator" | "message">): Uint8Array {
  return Buffer.concat([Buffer.from([0x19, 0]), fromHex(validator.address), message]);
}

/** The same as windows are shown it, in Clef's words. */
export function validatorForm(data: ValidatorData): MessageForm {
  const preimage = validatorPreimage(data);
  const about = "This is a request to sign data intended for a particular validator";
  const messages = [
    { name: `${about} (see EIP 191 version 0)`, value: "", type: "description" },
    {
      name: "Intended validator address",
      value: checksummed(data.validator.address),
      type: "address",
    },
    { name: "Application-specific data", value: toHex(data.message), type: "hexdata" },
    { name: "Full message for signing", value: toHex(preimage), type: "hexdata" },
  ];
  const { account } = data;
  return { account, contentType: "data/validator", preimage, messages, firstV: 27 };
}

function refuse(message: string): never {
  throw new Failure("data.refused", message);
}
