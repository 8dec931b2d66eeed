import { isArray, isObject, type JsonValue } from "@cleft/protocol/json.ts";
import type { CallInfoWire, MetaWire } from "@cleft/protocol/window.ts";
import type { Ask, Notice, Window } from "../approval/window.ts";
import { type Address, checksummed, parseAddress } from "../domain/address.ts";
import type { Caller } from "../domain/caller.ts";
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
    const asked = { accounts, meta: metaOf(caller) };
    const result = await channel.request("ui_approveListing", asked, signal);
    const chosen = isObject(result) ? (result.get("accounts") ?? null) : null;
    return { addresses: chosen === null ? undefined : parseChosen(chosen) };
  };

  const askPassword: Ask<"password"> = async ({ account }, signal) => {
    const prompt = `Please enter the password for account ${checksummed(account)}`;
    const asked = { title: "Account password", prompt, isPassword: true };
    const result = await channel.request("ui_onInputRequired", asked, signal);
    const text = isObject(result) ? result.get("text") : undefined;
    return { password: parsePassword(text) };
  };

  return {
    answeredBy: "program",
    ask: { transaction: askTransaction, listing: askListing, password: askPassword },

    tell(notice: Notice) {
      switch (notice.kind) {
        case "started":
          return channel.notify("ui_onSignerStartup", { info: notice.info });
        case "queue":
          return;
        case "signed":
          return channel.notify("ui_onApprovedTx", notice.result);
        case "failed":
          // Clef says nothing of an account that isn't there, and windows count its messages.
          if (notice.code === "account.unknown" || notice.code === "account.ambiguous") return;
          return channel.notify("ui_showError", { text: notice.text });
      }
    },
  };
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

function metaOf({ claims }: Caller): MetaWire {
  return {
    remote: claims.remote,
    local: claims.host,
    scheme: "http",
    "User-Agent": claims.userAgent,
    Origin: claims.origin,
  };
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
