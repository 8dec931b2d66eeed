import { inert } from "@cleft/protocol/inert.ts";
import { isArray, JsonNumber, type JsonObject, type JsonValue } from "@cleft/protocol/json.ts";
import { checksummed, parseAddress } from "../domain/address.ts";
import { limits } from "../domain/limits.ts";
import { type ChainId, parseChainId } from "../domain/quantity.ts";
import { formatCoin, nameOfChain } from "../inspect/amount.ts";
import type { AuditEntry } from "./audit-entry.ts";

type Row = readonly [name: string, value: string];

/** How texts are shown: without anything beyond ASCII where the terminal can't show it. */
export interface Style {
  readonly ascii: boolean;
}

/** Fields of one record, read one by one and made inert. Whoever can write to the disk made them. */
class Shown {
  private readonly fields: JsonObject;
  private readonly style: Style;
  private readonly seen = new Set(["seq", "prev", "type", "at"]);

  constructor(fields: JsonObject, style: Style) {
    this.fields = fields;
    this.style = style;
  }

  /** The field's text, empty if it is absent. */
  text(name: string): string {
    this.seen.add(name);
    return textOf(this.fields.get(name), this.style);
  }

  /** An address with its checksum; anything else as it is. */
  address(name: string): string {
    const text = this.text(name);
    const address = parseAddress(text);
    return address === undefined ? text : checksummed(address);
  }

  /** A whole number; undefined if it is none. */
  number(name: string): bigint | undefined {
    const text = this.text(name);
    return /^\d{1,155}$/.test(text) ? BigInt(text) : undefined;
  }

  addresses(name: string): readonly string[] {
    this.seen.add(name);
    const list = this.fields.get(name) ?? null;
    return isArray(list) ? list.map((item) => textOf(item, this.style)) : [];
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

/** One entry as lines for a person, the most important first; it fits 80 columns. */
export function entryText({ record, outcome, lines }: AuditEntry, style: Style): string {
  if (record === undefined) {
    const [line = new Uint8Array()] = lines;
    return `a record that can't be read: ${textOf(Buffer.from(line).toString("latin1"), style)}`;
  }
  const shown = new Shown(record, style);
  const end = outcome === undefined ? undefined : new Shown(outcome, style);
  const title = titleOf(textOf(record.get("type"), style), shown, end);
  const signed = end?.text("signed") ?? "";
  const hash = signed === "false" ? "" : signed;
  const isOpen = end === undefined && textOf(record.get("type"), style) === "intent";
  const rows: readonly Row[] = [
    // A reader can't tell which: the ledger of a running signer looks the same.
    ["state", isOpen ? "under way, or cut off by a crash: counts as signed" : ""],
    ...rowsOf(shown),
    ["hash", hash],
    ["digest", hash === "" ? shown.text("preimage") : ""],
    ["asked by", askedBy(shown)],
    ["request", shown.text("request")],
    ...othersOf(shown, end),
  ];
  const filled = rows.filter(([, value]) => value !== "");
  const body = filled.map(([name, value]) => `    ${name.padEnd(9)} ${value}`);
  return [`${timeText(textOf(record.get("at"), style), style)}  ${title}`, ...body].join("\n");
}

/** What a later version wrote is shown as it is. */
function othersOf(shown: Shown, end: Shown | undefined): readonly Row[] {
  for (const name of ["preimage", "failure", "decider"]) shown.text(name);
  for (const name of ["request", "failure", "signed"]) end?.text(name);
  return [...shown.others(), ...(end?.others() ?? [])];
}

/** `2026-11-25 14:52:03Z` of a record's time; anything else as it is, made inert. */
export function timeText(untrusted: string, style: Style): string {
  const text = shownText(untrusted, style);
  const [, day, time] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)\.\d+Z$/.exec(text) ?? [];
  return day === undefined ? text : `${day} ${time}Z`;
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
      return `asked for: ${shown.text("method")}`;
    default:
      return `${type}${by}${failure === "" ? "" : ` (${failure})`}`;
  }
}

function intentTitle(outcome: Shown | undefined, by: string): string {
  if (outcome === undefined) return `NO OUTCOME${by}`;
  if (outcome.text("signed") !== "false") return `signed${by}`;
  return `NOT SIGNED (${outcome.text("failure")})${by}`;
}

function deciderOf(decider: string): string {
  if (decider === "") return "";
  if (decider === "person" || decider === "program") return `, approved by a ${decider}`;
  return `, approved by ${decider}`;
}

/** What moves, from where, to where, for how much. */
function rowsOf(shown: Shown): readonly Row[] {
  const chain = parseChainId(shown.number("chainId") ?? 0n);
  const to = shown.address("to");
  const nonce = shown.text("nonce");
  const name = chain === undefined ? shown.text("chainId") : nameOfChain(chain);
  return [
    ["account", shown.address("account")],
    ["to", to === "create" ? "a new contract" : to],
    ["value", amountOf(shown, "valueWei", chain)],
    ["fee", amountOf(shown, "feeMaxWei", chain).replace(/^(?=.)/, "at most ")],
    ["chain", [name, nonce === "" ? "" : `nonce ${nonce}`].filter(Boolean).join(", ")],
    ...shown.addresses("accounts").map((address) => ["account", spelled(address)] as const),
  ];
}

function amountOf(shown: Shown, name: string, chain: ChainId | undefined): string {
  const wei = shown.number(name);
  if (wei === undefined || chain === undefined) return shown.text(name);
  return formatCoin(wei, chain);
}

function spelled(text: string): string {
  const address = parseAddress(text);
  return address === undefined ? text : checksummed(address);
}

function askedBy(shown: Shown): string {
  const kind = shown.text("kind");
  const words = [shown.text("caller"), shown.text("method"), kind === "" ? "" : `kind ${kind}`];
  return words.filter(Boolean).join(", ");
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
