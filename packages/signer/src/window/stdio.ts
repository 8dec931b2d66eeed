import { isArray, isObject, type JsonValue } from "@cleft/protocol/json.ts";
import type { CallInfoWire } from "@cleft/protocol/window.ts";
import type { Ask, Notice, Window } from "../approval/window.ts";
import { type Address, checksummed, parseAddress } from "../domain/address.ts";
import { metaOf } from "../domain/caller.ts";
import { Failure } from "../domain/failure.ts";
import type { Finding } from "../domain/finding.ts";
import { limits } from "../domain/limits.ts";
import { Secret } from "../domain/secret.ts";
import type { Channel } from "./channel.ts";

/** Clef's window API 7.0: a program on the other end of stdin and stdout answers. */
export function stdioWindow(channel: Channel): Window {
  const askTransaction: Ask<"transaction"> = async (question, signal) => {
    const { transaction, caller, review, digest } = question;
    const call_info = callInfoOf(review.findings);
    const asked = { transaction, call_info, meta: metaOf(caller) };
    const result = await channel.request("ui_approveTx", asked, signal);
    const returned = isObject(result) ? result.get("transaction") : undefined;
    if (!isObject(result) || result.get("approved") !== true || !isObject(returned)) {
      return { approved: false };
    }
    // A 7.0 window knows no digest: the message's id binds its answer to the question.
    return { approved: true, digest, transaction: returned };
  };

  const askListing: Ask<"listing"> = async ({ accounts, caller }, signal) => {
    const shown = accounts.map(({ address, url }) => ({ address, url }));
    const asked = { accounts: shown, meta: metaOf(caller) };
    const result = await channel.request("ui_approveListing", asked, signal);
    const chosen = isObject(result) ? (result.get("accounts") ?? null) : null;
    return { addresses: chosen === null ? undefined : parseChosen(chosen) };
  };

  const askData: Ask<"data"> = async ({ data, caller, review, digest }, signal) => {
    const { hash, ...shown } = data;
    const call_info = callInfoOf(review.findings);
    const asked = { ...shown, call_info, hash, meta: metaOf(caller) };
    const result = await channel.request("ui_approveSignData", asked, signal);
    return isApproved(result) ? { approved: true, digest } : { approved: false };
  };

  const askNewAccount: Ask<"newAccount"> = async ({ caller }, signal) => {
    const asked = { meta: metaOf(caller) };
    const result = await channel.request("ui_approveNewAccount", asked, signal);
    return { approved: isApproved(result) };
  };

  const askPassword: Ask<"password"> = async ({ account, signs }, signal) =>
    prompt(passwordPrompts[signs](checksummed(account)), signal);

  const askNewPassword: Ask<"newPassword"> = async ({ attempt, again }, signal) => {
    const tries = `(attempt ${attempt} of ${limits.passwordTries})`;
    const text = again
      ? "Please repeat the password for the new account"
      : `Please enter a password for the new account to be created ${tries}`;
    return prompt({ title: "New account password", prompt: text }, signal);
  };

  /** Titles and texts are API: programs match them. */
  async function prompt(
    text: { readonly title: string; readonly prompt: string },
    signal: AbortSignal,
  ): Promise<{ password: Secret }> {
    const asked = { ...text, isPassword: true };
    const result = await channel.request("ui_onInputRequired", asked, signal).catch(unanswered);
    return { password: parsePassword(isObject(result) ? result.get("text") : undefined) };
  }

  return {
    answeredBy: "program",
    ask: {
      transaction: askTransaction,
      data: askData,
      listing: askListing,
      newAccount: askNewAccount,
      password: askPassword,
      newPassword: askNewPassword,
    },

    tell(notice: Notice) {
      switch (notice.kind) {
        case "started":
          return channel.notify("ui_onSignerStartup", { info: notice.info });
        case "queue":
          return;
        case "signed":
          return channel.notify("ui_onApprovedTx", notice.result);
        case "complaint":
          return channel.notify("ui_showError", { text: notice.text });
        case "failed":
          if (isShown(notice)) channel.notify("ui_showError", { text: errorText(notice) });
          return;
        case "lock":
        case "grant":
        case "signed-data":
        case "created":
          return;
      }
    },
  };
}

const passwordPrompts = {
  transaction: (account: string) => ({
    title: "Account password",
    prompt: `Please enter the password for account ${account}`,
  }),
  data: (account: string) => ({
    title: "Password for signing",
    prompt: `Please enter password for signing data with account ${account}`,
  }),
} as const;

function isApproved(result: JsonValue): boolean {
  return isObject(result) && result.get("approved") === true;
}

/**
 * Windows count Clef's messages. It tells of data that wasn't signed, whatever the reason; of a
 * transaction only what fails once the account was found; of listings and new accounts nothing.
 */
function isShown({ about, agreed, code }: Extract<Notice, { kind: "failed" }>): boolean {
  if (about === "data") return true;
  const isLookUp = code === "account.unknown" || code === "account.ambiguous";
  return about === "transaction" && agreed && !isLookUp;
}

/** Clef's sentence where windows have one to match. */
function errorText({ code, text }: Extract<Notice, { kind: "failed" }>): string {
  return code === "account.unknown" ? "unknown account" : text;
}

/** A window that can't ask for the password, said to the caller as Clef does. */
function unanswered(error: unknown): never {
  if (!(error instanceof Failure) || error.code !== "window.answer") throw error;
  throw new Failure("password.absent", "internal error", { cause: error });
}

/** No text is an empty password, as in Clef. */
function parsePassword(untrusted: JsonValue | undefined): Secret {
  const bytes = Buffer.from(typeof untrusted === "string" ? untrusted : "", "utf8");
  if (bytes.length > limits.passwordBytesMax) {
    throw new Failure("window.answer", "the window sent a password that is too long");
  }
  return Secret.taking(bytes);
}

/** Windows of 7.0 match Clef's sentences; of Cleft's own they get only what must not be missed. */
function callInfoOf(findings: readonly Finding[]): readonly CallInfoWire[] | null {
  const types = { info: "Info", warning: "WARNING", critical: "CRITICAL" } as const;
  const sent = findings
    .filter(({ source, severity }) => source === "clef" || severity === "critical")
    .map(({ severity, message }) => ({ type: types[severity], message }));
  return sent.length === 0 ? null : sent;
}

/** The window may choose any addresses; a URL may be absent but not without a scheme, as in Clef. */
function parseChosen(untrusted: JsonValue): Address[] {
  if (!isArray(untrusted) || untrusted.length > limits.keyFilesMax) throw wrongListing();
  return untrusted.map((item) => {
    if (!isObject(item)) throw wrongListing();
    const [text, url] = [item.get("address"), item.get("url")];
    const address = typeof text === "string" ? parseAddress(text) : undefined;
    if (address === undefined) throw wrongListing();
    if (url !== undefined && !(typeof url === "string" && url.includes("://"))) {
      throw new Failure("window.url", "the window sent an account whose url has no scheme");
    }
    return address;
  });
}

function wrongListing(): Failure {
  return new Failure("window.answer", "the window sent no list of accounts");
}
