import type { Address } from "../../domain/address.ts";
import type { Finding } from "../../domain/finding.ts";
import { looksLikeSignIn, parseSignIn } from "../siwe.ts";

/** What is wrong with a text that signs its account in somewhere (EIP-4361). */
export function signInFindings(text: string, account: Address): Finding[] {
  if (!looksLikeSignIn(text)) return [];
  const signIn = parseSignIn(text);
  if (signIn === undefined) {
    return [cleft("warning", "it looks like a sign-in but is none by the letter of EIP-4361")];
  }
  const findings: Finding[] = [];
  if (signIn.address !== account) {
    findings.push(cleft("critical", "it signs in another account than the one that signs"));
  }
  if (hostOf(signIn.uri) !== hostOf(`https://${signIn.domain}`)) {
    findings.push(cleft("warning", "it signs in to another host than the one that asks in it"));
  }
  return findings;
}

/** The host of an address on the web; of anything else nothing is known. */
function hostOf(uri: string): string | undefined {
  return URL.canParse(uri) ? new URL(uri).hostname : undefined;
}

function cleft(severity: Finding["severity"], message: string): Finding {
  return { severity, message, source: "cleft" };
}
