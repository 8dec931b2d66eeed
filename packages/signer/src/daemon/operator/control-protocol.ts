import {
  encodeJson,
  isObject,
  JsonNumber,
  type JsonObject,
  type JsonValue,
  parseJsonBytes,
} from "@cleft/protocol/json.ts";
import { type Address, parseAddress } from "../../domain/address.ts";
import { isCallerName } from "../../domain/caller.ts";
import { Failure, isFailureCode } from "../../domain/failure.ts";
import { limits } from "../../domain/limits.ts";
import type { UnlockTerms } from "../../domain/unlock-terms.ts";
import type { ActDetails, ActEntry } from "../../ledger/record.ts";

/** Name of the control socket in the configuration directory. */
export const controlFile = "control.sock";

/** THE LIST of what the control socket can be told. A password follows its line as bare bytes. */
export type ControlRequest =
  | { readonly command: "status" | "lock" | "unlock" }
  | { readonly command: "lock-account" | "check-unlock"; readonly account: Address }
  | {
      readonly command: "unlock-account";
      readonly terms: UnlockTerms;
      readonly secretBytes: number;
    }
  | { readonly command: "record"; readonly entry: ActEntry };

/** What the daemon says of itself. Times are ISO 8601, in UTC. */
export interface Status {
  readonly pid: number;
  readonly state: string;
  readonly since: string;
  readonly http: string;
  readonly ipc: string;
  readonly qrexec: string;
  readonly chains: readonly string[];
  readonly window: string;
  readonly accounts: number;
  readonly waiting: number;
  readonly unlocked: readonly {
    readonly account: Address;
    readonly caller: string;
    readonly until: string;
    readonly usesLeft: number;
  }[];
  readonly ledger: { readonly records: number; readonly hash: string };
}

/** Whether a lock or its end changed anything. */
export interface Changed {
  readonly changed: boolean;
}

/** Callers for whom an account was unlocked before, and still is. */
export interface UnlockedBeside {
  readonly beside: readonly string[];
}

/** One line that a client says. */
export function encodeControlRequest(request: ControlRequest): string {
  return `${encodeJson(request)}\n`;
}

/** Parses a client's line. @throws Failure `control.failed` */
export function parseControlRequest(untrustedLine: Uint8Array): ControlRequest {
  const fields = parseObject(untrustedLine);
  const command = fields.get("command");
  switch (command) {
    case "status":
    case "lock":
    case "unlock":
      return { command };
    case "lock-account":
    case "check-unlock":
      return { command, account: parseAccount(fields) };
    case "unlock-account":
      return {
        command,
        terms: parseTerms(fields.get("terms")),
        secretBytes: integer(fields, "secretBytes", { min: 0, max: limits.passwordBytesMax }),
      };
    case "record":
      return { command, entry: parseAct(fields.get("entry")) };
    default:
      return refuse("expected a command of the list");
  }
}

/** Whatever it says, who asks here is the command line of the same user. */
function parseAct(fields: JsonValue | undefined): ActEntry {
  if (!isObject(fields)) return refuse("expected an entry");
  const request = shortText(fields, "request");
  if (fields.get("type") === "done") return { type: "done", request };
  const asked = {
    caller: "cli",
    request,
    method: shortText(fields, "method"),
    account: shortText(fields, "account"),
  };
  if (fields.get("type") === "act") return { ...asked, ...parseDetails(fields), type: "act" };
  if (fields.get("type") !== "refusal") return refuse("expected an act, or the end of one");
  const failure = shortText(fields, "failure");
  return isFailureCode(failure)
    ? { ...asked, type: "refusal", failure }
    : refuse("expected a failure's code");
}

function parseDetails(fields: JsonObject): ActDetails {
  const charsMax = limits.pathCharsMax;
  return {
    ...(fields.has("label") ? { label: shortText(fields, "label") } : {}),
    ...(fields.has("file") ? { file: shortText(fields, "file", charsMax) } : {}),
  };
}

function parseAccount(fields: JsonObject): Address {
  return parseAddress(shortText(fields, "account")) ?? refuse("expected an address");
}

function parseTerms(fields: JsonValue | undefined): UnlockTerms {
  if (!isObject(fields)) return refuse("expected terms");
  return {
    account: parseAccount(fields),
    caller: parseCaller(shortText(fields, "caller")),
    forMs: integer(fields, "forMs", { min: 1, max: limits.unlockMsMax }),
    uses: integer(fields, "uses", { min: 1, max: limits.unlockUsesMax }),
  };
}

function parseCaller(name: string): string {
  return name === "any" || isCallerName(name) ? name : refuse("expected any or a caller's name");
}

function parseObject(untrusted: Uint8Array): JsonObject {
  try {
    const value = parseJsonBytes(untrusted, limits.json);
    if (isObject(value)) return value;
  } catch (error) {
    throw new Failure("control.failed", "expected a line of JSON", { cause: error });
  }
  return refuse("expected an object");
}

function integer(
  fields: JsonObject,
  name: string,
  { min, max }: { readonly min: number; readonly max: number },
): number {
  const value = fields.get(name);
  const isWhole = value instanceof JsonNumber && /^\d{1,12}$/.test(value.text);
  const number = isWhole ? Number(value.text) : Number.NaN;
  return number >= min && number <= max ? number : refuse(`expected ${name} of ${min} to ${max}`);
}

function shortText(
  fields: JsonObject,
  name: string,
  charsMax: number = limits.controlTextCharsMax,
): string {
  const value = fields.get(name);
  if (typeof value === "string" && value.length <= charsMax) return value;
  return refuse(`expected a short text in ${name}`);
}

function refuse(reason: string): never {
  throw new Failure("control.failed", reason);
}
