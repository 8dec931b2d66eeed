import { toHex } from "@cleft/protocol/hex.ts";
import { decodeLossy, decodeStrict } from "@cleft/protocol/utf8.ts";
import { checksummed } from "../../domain/address.ts";
import { endOf } from "../../domain/confirmation.ts";
import { cleftFinding, type Finding } from "../../domain/finding.ts";
import { limits } from "../../domain/limits.ts";
import type { Review, ReviewField } from "../../domain/review.ts";
import type { Text } from "../../signable/text.ts";
import { type SignInContext, signInFindings } from "../checks/sign-in.ts";
import { field, piecesOf } from "../review-field.ts";
import { parseSignIn } from "../siwe.ts";

/** Says what a text would do: the whole of it, as words if they are, otherwise as bytes. Pure. */
export function inspectText(text: Text, context: SignInContext): Review {
  const { account, contentType, message } = text;
  const printable = printableText(message);
  const { shown, hidden } = linesOf(printable ?? "");
  const address = checksummed(account.address);
  return {
    headline: headlineOf(printable),
    findings: [
      ...findingsOf(text, {
        isText: printable !== undefined,
        hidden,
      }),
      ...signInFindings(printable ?? decodeLossy(message), account.address, context),
    ],
    fields: [field("account", address), ...messageFields(printable === undefined ? [] : shown)],
    details: [
      { label: "content type", value: contentType, claim: true },
      field("length", `${message.length} bytes`),
      field("signed as", "text of EIP-191 (version 0x45)"),
    ],
    data: printable === undefined ? toHex(message) : "0x",
    confirmation: endOf(account.address, "account"),
  };
}

/** The domain is what the message says: whoever asks is named by the channel. */
function headlineOf(printable: string | undefined): string {
  if (printable === undefined) return "Sign data that is no text";
  const domain = parseSignIn(printable)?.domain;
  if (domain === undefined) return "Sign a text message";
  // The end of a name says whose it is.
  const { length } = domain;
  const shown = length > limits.keyCharsMax ? `\u2026${domain.slice(-limits.keyCharsMax)}` : domain;
  return `Sign in to "${shown}"`;
}

/** Words that a reader can read: no control character besides line breaks and tabs. */
function printableText(message: Uint8Array): string | undefined {
  const text = decodeStrict(message);
  return text === undefined || /[^\P{Cc}\n\r\t]/u.test(text) ? undefined : text;
}

/**
 * A line of the message becomes one or more fields, so that none is cut where it is shown. Only the
 * lines that are shown are made; of the others there is the number.
 */
function linesOf(text: string): { shown: string[]; hidden: number } {
  const shown: string[] = [];
  let hidden = 0;
  for (const line of text.split(/\r\n|\n/)) {
    if (shown.length >= limits.shownTextLines) {
      hidden++;
      continue;
    }
    // This is all that can be shown, and one line more to count.
    for (const piece of piecesOf(
      line.slice(0, limits.shownCharsMax * (limits.shownTextLines + 1)),
    )) {
      if (shown.length < limits.shownTextLines) shown.push(piece);
      else hidden++;
    }
  }
  return { shown, hidden };
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
    findings.push(cleftFinding("critical", `32 bytes: this may be ${stands}`));
  }
  if (!isText) {
    findings.push(cleftFinding("warning", "this is no readable text: you would sign blind"));
  }
  if (hidden > 0) {
    findings.push(
      cleftFinding(
        "warning",
        `at least ${hidden} lines at the end are not shown: you would sign blind`,
      ),
    );
  }
  if (contentType !== "text/plain") {
    const wanted = `the caller calls it "${contentType}"`;
    findings.push(cleftFinding("warning", `${wanted}, but it is signed as plain text`));
  }
  return findings;
}
