import type { Hex } from "@cleft/protocol/hex.ts";
import { fromHex, toHex } from "@cleft/protocol/hex.ts";
import { inert } from "@cleft/protocol/inert.ts";
import type { Questions } from "../approval/window.ts";
import { withLabel } from "../domain/account.ts";
import { checksummed } from "../domain/address.ts";
import { type Caller, nameOf } from "../domain/caller.ts";
import { type Finding, type Severity, severityLabels } from "../domain/finding.ts";
import { hashOf } from "../domain/hash.ts";
import { limits } from "../domain/limits.ts";
import type { Review, ReviewField } from "../domain/review.ts";
import { counted } from "../domain/spoken.ts";
import { termsOf } from "./clock-time.ts";
import { type Medium, type Row, rowLines, rule } from "./layout.ts";

/** What a question is about that has no review, in one sentence. */
export const headlines = {
  listing: ({ accounts: { length } }: Pick<Questions["listing"], "accounts">) =>
    `Tell the caller your ${counted(length, "account")}`,
  newAccount: () => "Make a new account for the caller",
} as const;

/** A question whose yes ends in a signature. */
type SigningQuestion = Questions["transaction" | "data"];

/** Writes what is to be signed for a person, most important first. Pure. */
export function renderSigning(question: SigningQuestion, medium: Medium): string[] {
  const { review, caller } = question;
  const rows = (list: readonly Row[]) => list.flatMap((row) => rowLines(row, medium));
  const title = rows([titleRow(question)]);
  const findings = bySeverity(review.findings).map(findingRow);
  const fields = rows(fieldRows(question));
  const whole = [
    ...title,
    "",
    ...rows(callerRows(caller)),
    "",
    ...block(rows(findings)),
    ...fields,
    "",
    ...block(rows(review.details.map(fieldRow))),
    ...block(dataLines(review.data, medium)),
  ];
  if (whole.length <= medium.rows - promptRows) return whole;
  // What matters has scrolled away: it comes once more, right above the prompt, as far as it fits.
  const who = rows(callerRows(caller).slice(0, 1));
  const summary = [...title, ...who, ...block(rows(dangerRows(review)))];
  const room = Math.max(0, medium.rows - promptRows - summary.length - 1);
  const rest =
    fields.length <= room
      ? fields
      : [
          ...fields.slice(0, Math.max(0, room - 1)),
          ...rows([{ label: "", value: "and more, above" }]),
        ];
  return [...whole, rule(medium), ...summary, ...block(rest)];
}

/** What matters of it: what it does and with what, the dangers, and who asks. Pure. */
export function renderSummary(question: SigningQuestion, medium: Medium): string[] {
  const { review, caller } = question;
  return [
    titleRow(question),
    ...fieldRows(question),
    ...dangerRows(review),
    ...callerRows(caller).slice(0, 1),
  ].flatMap((row) => rowLines(row, medium));
}

function titleRow(question: SigningQuestion): Row {
  const isChanged = "again" in question && question.again;
  return { label: isChanged ? "CHANGED" : "SIGN?", value: question.review.headline };
}

function dangerRows({ findings }: Review): Row[] {
  return bySeverity(findings)
    .filter(({ severity }) => severity !== "info")
    .map(findingRow);
}

/** The fields, and whether a password stands between a yes and the signature. */
function fieldRows({ review, unlocked }: SigningQuestion): Row[] {
  const fields = review.fields.map(fieldRow);
  if (unlocked === undefined) return fields;
  return [...fields, { label: "password", value: `not asked: unlocked ${termsOf(unlocked)}` }];
}

/** Lines that the rule above, the place in the queue and the prompt take, with one to spare. */
const promptRows = 6;

/** Writes the question whether a caller may know the accounts. Pure. */
export function renderListing(
  { accounts, caller }: Questions["listing"],
  medium: Medium,
): string[] {
  return [
    ...rowLines({ label: "LIST?", value: headlines.listing({ accounts }) }, medium),
    "",
    ...callerRows(caller).flatMap((row) => rowLines(row, medium)),
    "",
    ...accounts.flatMap(({ address, label }, at) =>
      rowLines(
        { label: `account ${at + 1}`, value: withLabel(checksummed(address), label) },
        medium,
      ),
    ),
    "",
  ];
}

/** Writes the question whether a caller may have a new account. Pure. */
export function renderNewAccount({ caller }: Questions["newAccount"], medium: Medium): string[] {
  return [
    ...rowLines({ label: "CREATE?", value: headlines.newAccount() }, medium),
    "",
    ...callerRows(caller).flatMap((row) => rowLines(row, medium)),
    "",
    ...rowLines({ label: "", value: "You will be asked for its password." }, medium),
    "",
  ];
}

/** Headers are ASCII; letters beyond it could only pretend to be others. */
const claimRules = { charsMax: limits.claimCharsMax, ascii: true } as const;

/** Stands before the colour of a qube. */
export const qubeLabelLabel = "its label";

/** What the channel knows comes first; what the other side says of itself is quoted as a claim. */
function callerRows({ identity, claims, label }: Caller): Row[] {
  const isQube = identity.kind === "qube";
  const claimed = [
    { label: "claims origin", value: claims.origin },
    { label: "claims to be", value: claims.userAgent },
    // Of a qube its dispatcher says how it was called, and from where.
    { label: isQube ? "claims host" : "called us", value: claims.host },
    { label: "claims from", value: isQube ? claims.remote : "" },
  ].filter(({ value }) => value !== "" && identity.kind !== "socket");
  return [
    { label: "asked by", value: describeIdentity(identity) },
    ...(label === undefined ? [] : [{ label: qubeLabelLabel, value: label }]),
    // A socket's other end has no address.
    ...(identity.kind === "loopback" ? [{ label: "connection", value: claims.remote }] : []),
    ...claimed.map(({ label, value }) => ({ label, value: quotedClaim(value) })),
  ];
}

/** In quotes that the claim can't close, and without the room to lay something out in it. */
function quotedClaim(claim: string): string {
  const shown = inert(claim, claimRules).replaceAll(/ {2,}/g, " ").replaceAll('"', '\\"');
  return `"${shown}"`;
}

function describeIdentity(identity: Caller["identity"]): string {
  switch (identity.kind) {
    case "loopback":
      return `any program on this machine (${nameOf(identity)}), not verified`;
    case "socket":
      return `any program that may open our socket (${nameOf(identity)}), not verified`;
    case "qube":
      return `qube ${identity.qube}, says dom0 (${identity.service}+${identity.profile})`;
  }
}

/**
 * The worst first, otherwise in their order. Clef's one note is for Clef's windows: it says the call
 * that the fields say, as if the method's name were certain.
 */
function bySeverity(findings: readonly Finding[]): Finding[] {
  const order: readonly Severity[] = ["critical", "warning", "info"];
  const told = findings.filter(({ severity, source }) => severity !== "info" || source !== "clef");
  return order.flatMap((severity) => told.filter((finding) => finding.severity === severity));
}

function findingRow({ severity, message }: Finding): Row {
  return { label: severityLabels[severity], value: message };
}

function fieldRow({ label, value, claim }: ReviewField): Row {
  return { label, value: claim ? `"${value}" (claimed)` : value };
}

/**
 * The selector alone, then words of 32 bytes, or as much of a word as a narrow screen has room for; long
 * calldata ends with its hash.
 */
function dataLines(data: Hex, medium: Medium): string[] {
  const bytes = fromHex(data);
  if (bytes.length === 0) return [];
  // No selector and no word: it fits a line as it is.
  if (bytes.length < 4 + 32) return rowLines({ label: "data", value: hexOf(bytes) }, medium);
  const shown = bytes.subarray(0, limits.shownDataBytes);
  const lines = rowLines({ label: "data", value: hexOf(shown.subarray(0, 4)) }, medium);
  const perLine = bytesPerLine(medium);
  for (let at = 4; at < shown.length; at += perLine) {
    lines.push(`${" ".repeat(dataIndent)}${hexOf(shown.subarray(at, at + perLine))}`);
  }
  if (bytes.length === shown.length) return lines;
  const hidden = `and ${bytes.length - shown.length} bytes that are not shown`;
  return [
    ...lines,
    ...rowLines({ label: "", value: hidden }, medium),
    ...rowLines({ label: "hash of all", value: hashOf(bytes) }, medium),
  ];
}

/** Left of the label column, where 64 digits have to fit a line of 80. */
const dataIndent = 4;

/** A power of two, so that words begin where lines do. */
function bytesPerLine({ columns }: Medium): number {
  const room = (columns - dataIndent - 1) / 2;
  return [32, 16, 8, 4].find((bytes) => bytes <= room) ?? 2;
}

function hexOf(bytes: Uint8Array): string {
  return toHex(bytes).slice(2);
}

/** Lines with an empty one behind, or nothing. */
function block(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [...lines, ""];
}
