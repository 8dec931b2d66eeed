import { toHex } from "@cleft/protocol/hex.ts";
import { encodeJson } from "@cleft/protocol/json.ts";
import { checksummed, parseAddress } from "../../domain/address.ts";
import type { SpelledAddress } from "../../signable/fields.ts";
import { formOf, type Message } from "../../signable/messages.ts";
import { toSafeTxWire } from "../../signable/safe-tx.ts";
import { type TransactionArgs, toTransactionWire } from "../../signable/transaction-args.ts";
import type { Request } from "../../untrusted/rpc/methods.ts";
import type { AuditFields } from "./audit-line.ts";

/** Whose line it is under Clef's name, and what the caller sent. */
export interface AuditEvent {
  readonly msg: string;
  readonly fields: AuditFields;
}

/** THE LIST of what is logged of each method; undefined for what Clef doesn't log. */
export function askedOf(request: Request): AuditEvent | undefined {
  switch (request.method) {
    case "rpc_modules":
      return undefined;
    case "account_version":
      return { msg: "Version", fields: {} };
    case "account_list":
      return { msg: "List", fields: {} };
    case "account_new":
      return { msg: "New", fields: {} };
    case "account_signData":
      return { msg: "SignData", fields: dataFields(request.message) };
    case "account_signTypedData": {
      const { "content-type": _, ...fields } = dataFields(request.message);
      return { msg: "SignTypedData", fields };
    }
    case "account_signGnosisSafeTx": {
      const { account, claimedMethod } = request.args;
      const data = encodeJson({ ...unsigned, ...toSafeTxWire(request.args) });
      const selector = claimedMethod ?? "<nil>";
      return { msg: "SignGnosisSafeTx", fields: { addr: addressField(account), data, selector } };
    }
    case "account_signAuthorization": {
      const { "content-type": _, ...fields } = dataFields(request.message);
      return { msg: "SignAuthorization", fields };
    }
    case "account_ecRecover": {
      const { message, signature } = request;
      return { msg: "EcRecover", fields: { data: bare(message), sig: bare(signature) } };
    }
    case "account_signTransaction": {
      const { args } = request;
      const tx = encodeJson(toTransactionWire(withoutBlobs(args)));
      return {
        msg: "SignTransaction",
        fields: { tx, methodSelector: args.claimedMethod ?? "<nil>" },
      };
    }
  }
}

/** What only the answer has, as Clef prints it. */
const unsigned = {
  signature: "0x",
  contractTransactionHash: `0x${"0".repeat(64)}`,
  sender: "0x",
};

function addressField({ address, text }: SpelledAddress): string {
  return `${text} [chksum ${text === checksummed(address) ? "ok" : "INVALID"}]`;
}

/** Their hashes name the blobs; a line has no room for them. */
function withoutBlobs(args: TransactionArgs): TransactionArgs {
  return args.blob === undefined ? args : { ...args, blob: { ...args.blob, sidecar: undefined } };
}

/** What was sent, as Clef has it; of typed data what windows are shown. */
function dataFields(message: Message): AuditFields {
  const { account, contentType, messages } = formOf(message);
  return {
    addr: addressField(account),
    data: sentOf(message) ?? encodeJson(messages),
    "content-type": contentType,
  };
}

function sentOf(message: Message): string | undefined {
  switch (message.tag) {
    case "text":
      return encodeJson(toHex(message.message));
    case "clique":
      return encodeJson(toHex(message.encoded));
    case "validator":
      return encodeJson({ address: message.validator.text, message: toHex(message.message) });
    case "authorization": {
      const { chainId, delegate, nonce } = message;
      return encodeJson({ chainId: String(chainId), address: delegate, nonce: String(nonce) });
    }
    case "typed-data":
    case "safe-tx":
      return undefined;
  }
}

function bare(bytes: Uint8Array): string {
  return toHex(bytes).slice(2);
}

/** What a request that failed has in the place of its answer, as Go prints it. */
export function nothingOf(msg: string): AuditFields {
  if (msg === "EcRecover") return { address: `0x${"0".repeat(40)}` };
  return { data: msg === "List" ? "[]" : "<nil>" };
}

/** What the caller was told. Clef's line of a listing has no error. */
export function answerOf(msg: string, result: unknown): AuditFields {
  if (Array.isArray(result)) return { data: `[${result.map(spelled).join(" ")}]` };
  const data = spelled(hasRaw(result) ? result.raw : result);
  return { [msg === "EcRecover" ? "address" : "data"]: data, error: "<nil>" };
}

function hasRaw(result: unknown): result is { readonly raw: unknown } {
  return typeof result === "object" && result !== null && "raw" in result;
}

/** As Go prints it: an address with its checksum, other data without 0x. */
function spelled(value: unknown): string {
  if (typeof value !== "string") return encodeJson(value);
  const address = parseAddress(value);
  return address === undefined ? value.replace(/^0x/, "") : checksummed(address);
}
