import { resolve } from "node:path";
import type { Config } from "../daemon/config.ts";
import { Failure } from "../domain/failure.ts";
import { parseChainId } from "../domain/quantity.ts";
import type { CommandPowers } from "./command.ts";
import type { Arguments } from "./flags.ts";

/** What the flags say about the daemon. @throws Failure `usage` */
export function parseConfig(
  args: Arguments,
  { hasTerminal }: Pick<CommandPowers, "hasTerminal">,
): Config {
  const chainId = parseChainId(args.integer("chainid"));
  if (chainId === undefined) throw new Failure("usage", "expected --chainid to be at least 1");
  return {
    ...keysConfig(args),
    chainId,
    findings: args.on("advanced") ? "show" : "reject",
    http: args.on("http") ? parseHttp(args) : "off",
    window: args.on("stdio-ui") ? "stdio" : hasTerminal ? "terminal" : "none",
  };
}

const loopback = new Set(["localhost", "127.0.0.1", "::1"]);

/** Nobody is paired yet, so only this machine may reach the listener. */
function parseHttp(args: Arguments) {
  const port = Number(args.integer("http.port"));
  const host = args.text("http.addr");
  if (port > 65_535) throw new Failure("usage", "expected --http.port to be at most 65535");
  if (!loopback.has(host)) {
    throw new Failure("usage", `expected --http.addr to be a loopback address, got "${host}"`, {
      hint: "use 127.0.0.1; anybody on a network could ask, and nobody is told apart yet",
    });
  }
  const vhosts = args
    .text("http.vhosts")
    .split(",")
    .map((name) => name.trim());
  return { host: host === "localhost" ? "127.0.0.1" : host, port, vhosts: vhosts.filter(Boolean) };
}

/** What the flags say about key files, which are named by their whole path. @throws Failure `usage` */
export function keysConfig(args: Arguments): Pick<Config, "keystore" | "kdf" | "configDir"> {
  const keystore = args.text("keystore");
  if (keystore === "") throw new Failure("usage", "expected --keystore to name a folder");
  return {
    keystore: resolve(keystore),
    configDir: args.text("configdir"),
    kdf: args.on("lightkdf") ? "light" : "standard",
  };
}
