import { inert } from "@cleft/protocol/inert.ts";
import { isArray, JsonNumber, type JsonObject, type JsonValue } from "@cleft/protocol/json.ts";
import { withLabel } from "../../domain/account.ts";
import { type Address, checksummed, parseAddress } from "../../domain/address.ts";
import { limits } from "../../domain/limits.ts";
import { type ChainId, parseChainId } from "../../domain/quantity.ts";
import { counted, spokenCaller, spokenMoment, spokenTime } from "../../domain/spoken.ts";
import { formatCoin, nameOfChain } from "../../inspect/amount.ts";
import { wrapped } from "../../window/layout.ts";
import type { AuditEntry } from "./audit-entry.ts";

type Row = readonly [name: string, value: string];

/** How texts are shown: without anything beyond ASCII where the terminal can't show it. */
export interface Style {
  readonly ascii: boolean;
}

/** The operator's names of accounts, as they are now. */
type LabelsShown = ReadonlyMap<Address, string>;

/** Fields of one record, read one by one and made inert. Whoever can write to the disk made them. */
class Shown {
  private readonly fields: JsonObject;
  private readonly style: Style;
  private readonly labels: LabelsShown;
  private readonly seen = new Set(["seq", "prev", "type", "at"]);

  constructor(fields: JsonObject, style: Style, labels: LabelsShown) {
    this.fields = fields;
    this.style = style;
    this.labels = labels;
  }

  /** The field's text, empty if it is absent. */
  text(name: string): string {
    this.seen.add(name);
    return textOf(this.fields.get(name), this.style);
  }

  /** Whether there is such a field. */
  has(name: string): boolean {
    return this.fields.has(name);
  }

  /** An address with its checksum and the operator's name of it; anything else as it is. */
  address(name: string): string {
    return this.spelled(this.text(name));
  }

  /** A list of texts, none if it isn't one. */
  texts(name: string): readonly string[] {
    this.seen.add(name);
    const list = this.fields.get(name) ?? null;
    return isArray(list) ? list.map((item) => textOf(item, this.style)) : [];
  }

  /** A whole number; undefined if it is none. */
  number(name: string): bigint | undefined {
    const text = this.text(name);
    return /^\d{1,155}$/.test(text) ? BigInt(text) : undefined;
  }

  addresses(name: string): readonly string[] {
    return this.texts(name).map((text) => this.spelled(text));
  }

  private spelled(text: string): string {
    const address = parseAddress(text);
    if (address === undefined) return text;
    const label = this.labels.get(address);
    const shown = label === undefined ? undefined : shownText(label, this.style);
    return withLabel(checksummed(address), shown);
  }

  /** What nobody asked for: fields of a later version. */
  others(): readonly Row[] {
    const names = [...this.fields.keys()].filter((name) => !this.seen.has(name));
    return names.map((name) => [
      textOf(name, this.style),
      textOf(this.fields.get(name), this.style),
    ]);
  }
}

/** A text of a record as a screen may show it. */
export function shownText(untrusted: string, { ascii }: Style): string {
  return inert(untrusted, { charsMax: limits.shownCharsMax, ascii });
}

/** A line of the ledger as JSON in printable ASCII, which any terminal can show; same value. */
export function asciiJson(line: Uint8Array): string {
  const unit = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return new TextDecoder().decode(line).replace(/[^ -~]/g, unit);
}

function textOf(value: JsonValue | undefined, style: Style): string {
  if (value === undefined || value === null) return "";
  if (value instanceof JsonNumber) return shownText(value.text, style);
  if (typeof value === "string") return shownText(value, style);
  return typeof value === "boolean" ? String(value) : "(a list or an object)";
}

/**
 * One entry as lines for a person, the most important first; it fits 80 columns but for a path.
 * `labels` are the operator's names of accounts.
 */
export function entryText(
  { record, end: ending, lines }: AuditEntry,
  style: Style,
  labels: LabelsShown = new Map(),
): string {
  if (record === undefined) {
    const [line = new Uint8Array()] = lines;
    return `a record that can't be read: ${textOf(Buffer.from(line).toString("latin1"), style)}`;
  }
  const shown = new Shown(record, style, labels);
  const end = ending === undefined ? undefined : new Shown(ending, style, labels);
  const title = titleOf(textOf(record.get("type"), style), shown, end);
  const signed = end?.text("signed") ?? "";
  const hash = signed === "false" ? "" : signed;
  const rows: readonly Row[] = [
    ["state", end === undefined ? openText(textOf(record.get("type"), style)) : ""],
    ["what", shown.text("shown")],
    ["call", shown.text("call")],
    ...shown.texts("warnings").map((text) => ["warned", text] as const),
    ...rowsOf(shown),
    ["hash", hash],
    ["digest", hash === "" ? shown.text("preimage") : ""],
    ["asked by", askedBy(shown)],
    ["request", shown.text("request")],
    ...othersOf(shown, end),
  ];
  const filled = rows.filter(([, value]) => value !== "");
  const body = filled.flatMap(([name, value]) => bodyLines(name, value));
  return [`${timeText(textOf(record.get("at"), style), style)}  ${title}`, ...body].join("\n");
}

/** What has spaces goes on under itself; a path or a hash stays whole. */
function bodyLines(name: string, value: string): string[] {
  const lead = `    ${name.padEnd(9)} `;
  const [first = "", ...rest] = value.includes(" ") ? wrapped(value, 80 - lead.length) : [value];
  return [lead + first, ...rest.map((line) => " ".repeat(lead.length) + line)];
}

/** A reader can't tell which: the ledger of a running signer looks the same. */
function openText(type: string): string {
  if (type === "intent") return "under way, or cut off by a crash: counts as signed";
  return type === "act" ? "under way, or cut off: nobody wrote down how it ended" : "";
}

/** What a later version wrote is shown as it is. */
function othersOf(shown: Shown, end: Shown | undefined): readonly Row[] {
  for (const name of ["preimage", "failure", "decider"]) shown.text(name);
  for (const name of ["request", "failure", "signed"]) end?.text(name);
  // The refusal of an act says again what the act says.
  for (const name of ["caller", "method", "account"]) end?.text(name);
  return [...shown.others(), ...(end?.others() ?? [])];
}

/** `2026-11-25 14:52:03Z` of a record's time; anything else as it is, made inert. */
export function timeText(untrusted: string, style: Style): string {
  return spokenMoment(shownText(untrusted, style));
}

function titleOf(type: string, shown: Shown, outcome: Shown | undefined): string {
  const by = deciderOf(shown.text("decider"));
  const failure = shown.text("failure");
  switch (type) {
    case "intent":
      return intentTitle(outcome, by);
    case "refusal":
      return `REFUSED (${failure})`;
    case "listing":
      return `listed ${counted(shown.addresses("accounts").length, "account")}`;
    case "creation":
      return `account created${by}`;
    case "act":
      return actTitle(shown.text("method"), shown.text("account"), outcome);
    default:
      return `${type}${by}${failure === "" ? "" : ` (${failure})`}`;
  }
}

function actTitle(method: string, account: string, end: Shown | undefined): string {
  const isWhole = account === "" && (method === "lock" || method === "unlock");
  const what = isWhole ? `${method} the whole signer` : method;
  if (end === undefined) return `asked for: ${what}`;
  const failure = end.text("failure");
  return failure === "" ? `done: ${what}` : `FAILED (${failure}): ${what}`;
}

function intentTitle(outcome: Shown | undefined, by: string): string {
  if (outcome === undefined) return `NO OUTCOME${by}`;
  if (/^0x[0-9a-f]{64}$/.test(outcome.text("signed"))) return `signed${by}`;
  return `NOT SIGNED (${outcome.text("failure")})${by}`;
}

function deciderOf(decider: string): string {
  if (decider === "") return "";
  if (decider === "person" || decider === "program") return `, approved by a ${decider}`;
  return `, approved by ${decider}`;
}

/** Of an unlocking: for whom, for how long, how often. */
function unlockTerms(shown: Shown): string {
  const caller = shown.text("for");
  if (caller === "") return "";
  const [ms, uses] = [shown.number("forMs"), shown.number("uses")];
  const time = ms === undefined ? "" : spokenTime(Number(ms));
  const count = uses === undefined ? "" : counted(Number(uses), "signature");
  return [spokenCaller(caller), time, count].filter(Boolean).join(", ");
}

/** What moves, from where, to where, for how much. */
function rowsOf(shown: Shown): readonly Row[] {
  const chain = parseChainId(shown.number("chainId") ?? 0n);
  const to = shown.address("to");
  const nonce = shown.text("nonce");
  const name = chain === undefined ? shown.text("chainId") : nameOfChain(chain);
  return [
    ["account", shown.address("account")],
    ["label", shown.has("label") ? shown.text("label") || "none any more" : ""],
    ["file", shown.text("file")],
    ["for", unlockTerms(shown)],
    ["to", to === "create" ? "a new contract" : to],
    ["value", amountOf(shown, "valueWei", chain)],
    ["fee", amountOf(shown, "feeMaxWei", chain).replace(/^(?=.)/, "at most ")],
    ["chain", [name, nonce === "" ? "" : `nonce ${nonce}`].filter(Boolean).join(", ")],
    ...shown.addresses("accounts").map((address) => ["account", address] as const),
  ];
}

function amountOf(shown: Shown, name: string, chain: ChainId | undefined): string {
  const wei = shown.number(name);
  if (wei === undefined || chain === undefined) return shown.text(name);
  return formatCoin(wei, chain);
}

function askedBy(shown: Shown): string {
  const kind = shown.text("kind");
  const words = [shown.text("caller"), shown.text("method"), kind === "" ? "" : `kind ${kind}`];
  return words.filter(Boolean).join(", ");
}
