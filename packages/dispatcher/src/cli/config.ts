import { isIP } from "node:net";
import { isProfile, isQubeName } from "@cleft/protocol/descriptor.ts";
import { limits } from "../domain/limits.ts";
import type { ServerSettings } from "../untrusted/server.ts";
import { type Arguments, usage } from "./flags.ts";

/** Where the signer is. */
export type Way =
  | {
      readonly kind: "qrexec";
      readonly target: string;
      readonly profile: string;
      readonly program: string | undefined;
    }
  | { readonly kind: "ipc"; readonly path: string }
  | { readonly kind: "http"; readonly url: URL; readonly tokenFile: string | undefined };

/** Reads which way leads to the signer. @throws Failure `usage` */
export function wayOf(args: Arguments): Way {
  const said = (["qrexec", "ipc", "http"] as const).filter((name) => args.has(name));
  if (said.length > 1) {
    throw usage(
      `expected one way to the signer, got ${said.map((name) => `--${name}`).join(", ")}`,
    );
  }
  const [kind = "qrexec"] = said;
  if (args.has("token-file") && kind !== "http") throw usage("--token-file belongs to --http");
  if (args.has("qrexec-client") && kind !== "qrexec") {
    throw usage("--qrexec-client belongs to --qrexec");
  }
  switch (kind) {
    case "qrexec":
      return qrexecOf(args);
    case "ipc":
      return { kind, path: socketPathOf(args.text("ipc")) };
    case "http":
      return {
        kind,
        url: signerUrlOf(args.text("http")),
        tokenFile: args.has("token-file") ? args.text("token-file") : undefined,
      };
  }
}

/** Reads where to listen and whom to serve. @throws Failure `usage` */
export function serverSettingsOf(args: Arguments): ServerSettings {
  const port = args.text("port");
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw usage(`expected --port to be 0 to 65535, got ${JSON.stringify(port)}`);
  }
  return {
    port: Number(port),
    addresses: args.list("listen").map(addressOf),
    vhosts: args.list("vhosts").map(vhostOf),
    origins: args.list("origins").map(originOf),
  };
}

/** Whether an address can be reached from this machine alone. */
export function isLoopback(address: string): boolean {
  return address === "::1" || /^127\./.test(address);
}

function qrexecOf(args: Arguments): Way {
  const text = args.text("qrexec") || "@default";
  const [target = "", profile, ...more] = text.split("+");
  const isTarget = target === "@default" || isQubeName(target);
  if (!isTarget || more.length > 0 || (profile !== undefined && !isProfile(profile))) {
    throw usage(
      `expected --qrexec to be @default or a qube's name, and maybe +profile of a-z 0-9 . - , got ${JSON.stringify(text)}`,
    );
  }
  const program = args.has("qrexec-client") ? args.text("qrexec-client") : undefined;
  return { kind: "qrexec", target, profile: profile ?? "", program };
}

function socketPathOf(path: string): string {
  const length = Buffer.byteLength(path);
  if (length > 0 && length <= limits.socketPathBytesMax) return path;
  throw usage(`expected --ipc to have 1 to ${limits.socketPathBytesMax} bytes, got ${length}`);
}

/** A token, and what is signed, don't cross a network in the clear. */
function signerUrlOf(text: string): URL {
  if (!URL.canParse(text)) throw usage(`expected --http to be a URL, got ${JSON.stringify(text)}`);
  const url = new URL(text);
  const isLocal = url.hostname === "localhost" || isLoopback(url.hostname.replace(/^\[|\]$/g, ""));
  if (url.username !== "" || url.password !== "") {
    throw usage("expected --http without a password; a token goes into --token-file");
  }
  if (url.protocol === "https:" || (url.protocol === "http:" && isLocal)) return url;
  throw usage(`expected --http to be https, or http to this machine, got ${JSON.stringify(text)}`);
}

function addressOf(text: string): string {
  if (isIP(text) !== 0) return text;
  throw usage(`expected --listen to list IP addresses, got ${JSON.stringify(text)}`);
}

function vhostOf(text: string): string {
  if (/^[A-Za-z0-9._:-]+$/.test(text)) return text.toLowerCase();
  throw usage(`expected --vhosts to list names without port, got ${JSON.stringify(text)}`);
}

/** As browsers write it. `*` and `null` stand for pages that nobody named, so they can't be listed. */
function originOf(text: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\/[^/?#@\s]+$/.test(text) && text === text.toLowerCase()) return text;
  throw usage(
    `expected --origins to list origins such as https://dapp.example, got ${JSON.stringify(text)}`,
  );
}
