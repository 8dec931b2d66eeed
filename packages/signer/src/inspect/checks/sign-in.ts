import type { Address } from "../../domain/address.ts";
import { cleftFinding, type Finding } from "../../domain/finding.ts";
import { looksLikeSignIn, parseSignIn, type SignIn } from "../siwe.ts";

/** What a sign-in is compared with besides itself. */
export interface SignInContext {
  readonly nowMs: number;
  /** The web page that asks, as the caller claims; empty for a program. */
  readonly origin: string;
}

/** What is wrong with a text that signs its account in somewhere (EIP-4361). */
export function signInFindings(text: string, account: Address, context: SignInContext): Finding[] {
  if (!looksLikeSignIn(text)) return [];
  const signIn = parseSignIn(text);
  if (signIn === undefined) {
    // Whether it signs in another account, or elsewhere, can't be told then; some sites take it.
    return [
      cleftFinding("critical", "it looks like a sign-in but is none by the letter of EIP-4361"),
    ];
  }
  const findings: Finding[] = [];
  if (signIn.address !== account) {
    findings.push(cleftFinding("critical", "it signs in another account than the one that signs"));
  }
  if (context.origin !== "" && !isOf(signIn, context.origin)) {
    // A page that asks for a sign-in at another site wants to use it there.
    findings.push(cleftFinding("critical", "it signs in elsewhere than at the web page that asks"));
  }
  if (hostOf(signIn.uri) !== hostOf(`https://${signIn.domain}`)) {
    findings.push(cleftFinding("warning", "its URI names another host than its first line"));
  }
  if (signIn.domain.includes("@")) {
    findings.push(cleftFinding("warning", "what stands before the @ of its first line is no host"));
  }
  return [...findings, ...timeFindings(signIn, context.nowMs)];
}

function timeFindings({ expirationTime, notBefore }: SignIn, nowMs: number): Finding[] {
  const findings: Finding[] = [];
  if (expirationTime !== undefined && Date.parse(expirationTime) <= nowMs) {
    findings.push(cleftFinding("warning", "it has expired by this machine's clock"));
  }
  if (notBefore !== undefined && Date.parse(notBefore) > nowMs) {
    findings.push(cleftFinding("warning", "it doesn't count yet by this machine's clock"));
  }
  return findings;
}

/** Whether a sign-in names the site of a web page: its host, and its port if it isn't the usual. */
function isOf({ domain }: SignIn, origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, host } = new URL(origin);
  const named = `${protocol}//${domain}`;
  return host !== "" && URL.canParse(named) && new URL(named).host === host;
}

/** The host of an address on the web; of anything else nothing is known. */
function hostOf(uri: string): string | undefined {
  return URL.canParse(uri) ? new URL(uri).hostname : undefined;
}
