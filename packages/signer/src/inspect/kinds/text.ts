import { toHex } from "@cleft/protocol/hex.ts";
import { decodeStrict } from "@cleft/protocol/utf8.ts";
import { checksummed } from "../../domain/address.ts";
import type { Finding } from "../../domain/finding.ts";
import { limits } from "../../domain/limits.ts";
import type { Review, ReviewField } from "../../domain/review.ts";
import type { Text } from "../../signable/text.ts";
import { field } from "../payment.ts";

/** Says what a text would do: the whole of it, as words if they are, otherwise as bytes. Pure. */
export function inspectText(text: Text): Review {
  const { account, contentType, message } = text;
  const printable = printableText(message);
  const lines = printable === undefined ? [] : linesOf(printable);
  const shown = lines.slice(0, limits.shownTextLines);
  const address = checksummed(account.address);
  return {
    headline: printable === undefined ? "Sign data that is no text" : "Sign a text message",
    findings: findingsOf(text, {
      isText: printable !== undefined,
      hidden: lines.length - shown.length,
    }),
    fields: [field("account", address), ...messageFields(shown)],
    details: [
      { label: "content type", value: contentType, claim: true },
      field("length", `${message.length} bytes`),
      field("signed as", "text of EIP-191 (version 0x45)"),
    ],
    data: printable === undefined ? toHex(message) : "0x",
    confirmation: address.slice(-4),
  };
}

/** Words that a reader can read: no control character besides line breaks and tabs. */
function printableText(message: Uint8Array): string | undefined {
  const text = decodeStrict(message);
  return text === undefined || /[^\P{Cc}\n\r\t]/u.test(text) ? undefined : text;
}

/** A line of the message becomes one or more fields, so that none is cut where it is shown. */
function linesOf(text: string): string[] {
  return text.split(/\r\n|\n/).flatMap((line) => {
    const chars = [...line];
    const pieces: string[] = [];
    for (let at = 0; at === 0 || at < chars.length; at += limits.shownCharsMax) {
      pieces.push(chars.slice(at, at + limits.shownCharsMax).join(""));
    }
    return pieces;
  });
}

function messageFields(lines: readonly string[]): ReviewField[] {
  return lines.map((line, at) => field(at === 0 ? "message" : "", line));
}

/** What a hash may stand for can't be told from its bytes. */
const hashBytes = 32;

function findingsOf(
  { contentType, message }: Text,
  { isText, hidden }: { isText: boolean; hidden: number },
): Finding[] {
  const findings: Finding[] = [];
  if (message.length === hashBytes) {
    const stands = "the hash of a transaction, a Safe approval or a block";
    findings.push(cleft("critical", `32 bytes: this may be ${stands}`));
  }
  if (!isText) {
    findings.push(cleft("warning", "this is no readable text: you would sign blind"));
  }
  if (hidden > 0) {
    findings.push(cleft("warning", `the last ${hidden} lines are not shown: you would sign blind`));
  }
  if (contentType !== "text/plain") {
    const wanted = `the caller calls it "${contentType}"`;
    findings.push(cleft("warning", `${wanted}, but it is signed as plain text`));
  }
  return findings;
}

function cleft(severity: Finding["severity"], message: string): Finding {
  return { severity, message, source: "cleft" };
}
