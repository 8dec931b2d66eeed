import type { Config } from "../daemon/config.ts";
import { Failure } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import { parseChainId } from "../domain/quantity.ts";
import type { CommandPowers } from "./command.ts";
import type { Arguments } from "./flags.ts";

/** What the flags say about the daemon. @throws Failure `usage` */
export function parseConfig(
  args: Arguments,
  { terminalKind }: Pick<CommandPowers, "terminalKind">,
): Config {
  const chainId = parseChainId(args.integer("chainid"));
  if (chainId === undefined) throw new Failure("usage", "expected --chainid to be at least 1");
  return {
    ...keysConfig(args),
    configDir: args.text("configdir"),
    chainId,
    findings: args.on("advanced") ? "show" : "reject",
    http: args.on("http") ? parseHttp(args) : "off",
    window: args.on("stdio-ui") ? "stdio" : windowOf(args, terminalKind),
    armMs: parseArmMs(args),
  };
}

function windowOf(args: Arguments, kind: CommandPowers["terminalKind"]): Config["window"] {
  if (kind === "none") return "none";
  return kind === "lines" || args.on("line") ? "line" : "full-screen";
}

/** The delay before a yes counts can be longer than ours, never shorter. */
function parseArmMs(args: Arguments): number {
  const armMs = Number(args.integer("approve-after")) * 1000;
  if (armMs >= limits.armMs && armMs <= limits.armMsMax) return armMs;
  const [least, most] = [limits.armMs / 1000, limits.armMsMax / 1000];
  throw new Failure("usage", `expected --approve-after to be ${least} to ${most} seconds`);
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

/** What the flags say about key files. */
export function keysConfig(args: Arguments): Pick<Config, "keystore" | "kdf"> {
  return { keystore: args.text("keystore"), kdf: args.on("lightkdf") ? "light" : "standard" };
}
