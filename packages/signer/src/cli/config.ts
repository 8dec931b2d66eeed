import { join, resolve } from "node:path";
import type { Config } from "../daemon/config.ts";
import { parseAddress, spellingOf } from "../domain/address.ts";
import { Failure } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import { isPermit, permits } from "../domain/permit.ts";
import { type ChainId, parseChainId } from "../domain/quantity.ts";
import { qrexecFile } from "../qubes/installed-file.ts";
import type { Arguments } from "./arguments.ts";
import type { CommandPowers } from "./command.ts";
import { findingsModes } from "./findings.ts";
import { parseDuration, splitNames } from "./setting-value.ts";

/** What flags and file say about the daemon. @throws Failure `usage` */
export function parseConfig(
  args: Arguments,
  { terminalKind }: Pick<CommandPowers, "terminalKind">,
): Config {
  refuseMissing(args);
  return {
    ...keysConfig(args),
    ...parseChains(args),
    configDir: args.text("configdir"),
    findings: findingsModes(args),
    delegates: parseDelegates(args),
    permits: parsePermits(args),
    blobComputeMax: parseBlobComputeMax(args),
    http: parseHttp(args),
    ipc: args.on("ipcdisable") ? "off" : { path: join(ipcFolder(args), "clef.ipc") },
    qrexec: args.on("qrexec") ? join(args.text("configdir"), qrexecFile) : "off",
    qubes: args.qubes,
    auditLog: auditLogOf(args.text("auditlog")),
    ...parseTimes(args),
    window: args.on("stdio-ui") ? "stdio" : windowOf(args, terminalKind),
    armMs: parseArmMs(args),
  };
}

/**
 * Whoever gives rules relies on what they reject: it is not for a warning that scrolls away.
 * @throws Failure `usage`
 */
function refuseMissing(args: Arguments): void {
  const [missing] = args.givenWith("refused");
  if (missing === undefined) return;
  throw new Failure(
    "usage",
    `${missing} is not implemented yet, and nothing would be decided by it`,
    {
      hint: `leave ${missing} out: then a person, or the program behind --stdio-ui, decides each request`,
    },
  );
}

function windowOf(args: Arguments, kind: CommandPowers["terminalKind"]): Config["window"] {
  if (kind === "none") return "none";
  return kind === "lines" || args.on("line") ? "line" : "full-screen";
}

/** The delay before a yes counts can be longer than ours, never shorter. */
function parseArmMs(args: Arguments): number {
  const armMs = Number(args.integer("approve-after")) * 1000;
  const { approvalMs } = parseTimes(args);
  if (armMs >= approvalMs)
    throw args.refusal("approve-after", "to be shorter than the time to answer");
  if (armMs >= limits.armMs && armMs <= limits.armMsMax) return armMs;
  const [least, most] = [limits.armMs / 1000, limits.armMsMax / 1000];
  throw args.refusal("approve-after", `to be ${least} to ${most} seconds`);
}

/** The folder of the IPC socket; an empty one is the default, as in Clef. */
export function ipcFolder(args: Arguments): string {
  return args.text("ipcpath") || args.text("configdir");
}

/** A default that isn't listed is refused rather than guessed: nobody said which one is right. */
function parseChains(args: Arguments): Pick<Config, "chainId" | "chains"> {
  const chainId = parseChainId(args.integer("chainid"));
  if (chainId === undefined) throw args.refusal("chainid", "to be at least 1");
  const chains = args
    .text("chains")
    .split(",")
    .flatMap((id) => parseChainId(BigInt(id)) ?? []);
  if (chains.length === 0) return { chainId, chains: [chainId] };
  if (!chains.includes(chainId)) throw unlisted(args, { chainId, chains });
  return { chainId, chains };
}

function unlisted(
  args: Arguments,
  { chainId, chains }: { chainId: ChainId; chains: readonly ChainId[] },
): Failure {
  const listed = `chains = [${chains.join(", ")}]`;
  if (args.sourceOf("chainid").from === "default") {
    const hint = `add chain = ${chains[0]}, or ${chainId} to chains`;
    return args.refusal("chains", `to list the default chain ${chainId}`, hint);
  }
  return args.refusal("chainid", `to be one of ${listed}`, `add ${chainId} to chains`);
}

function parseDelegates(args: Arguments): Config["delegates"] {
  return splitNames(args.text("delegates")).map((name) => {
    const address = parseAddress(name);
    if (address === undefined || spellingOf(name, address) === "wrong") {
      throw args.refusal("delegates", "to be addresses with right checksums");
    }
    return address;
  });
}

function parsePermits(args: Arguments): Config["permits"] {
  return splitNames(args.text("permitDangerous")).map((name) => {
    if (isPermit(name)) return name;
    throw args.refusal(
      "permitDangerous",
      `to have no other names than ${Object.keys(permits).join(", ")}`,
    );
  });
}

function parseBlobComputeMax(args: Arguments): number {
  const count = Number(args.integer("blobComputeMax"));
  if (count <= limits.blobsMax) return count;
  throw args.refusal("blobComputeMax", `to be at most ${limits.blobsMax}`);
}

const loopback = new Set(["localhost", "127.0.0.1", "::1"]);

/**
 * Nobody is paired yet, so only this machine may reach the listener. No machine has such a port, so it
 * is refused before HTTP is switched on.
 */
function parseHttp(args: Arguments): Config["http"] {
  const port = Number(args.integer("http.port"));
  const host = args.text("http.addr");
  if (port > 65_535) throw args.refusal("http.port", "to be at most 65535");
  if (!args.on("http")) return "off";
  if (!loopback.has(host)) {
    const hint = "use 127.0.0.1; anybody on a network could ask, and nobody is told apart yet";
    throw args.refusal("http.addr", "to be a loopback address", hint);
  }
  const vhosts = splitNames(args.text("http.vhosts"));
  return { host: host === "localhost" ? "127.0.0.1" : host, port, vhosts };
}

function parseTimes(args: Arguments): Pick<Config, "approvalMs" | "listingTtlMs"> {
  const approvalMs = parseDuration(args.text("approvalTimeout")) ?? Number.NaN;
  const { min, max } = limits.approvalMs;
  if (!(approvalMs >= min && approvalMs <= max)) {
    const [seconds, hours] = [min / 1000, max / 3_600_000];
    throw args.refusal("approvalTimeout", `to be from ${seconds}s to ${hours}h`);
  }
  const listingTtlMs = parseDuration(args.text("listingTtl")) ?? Number.NaN;
  if (!(listingTtlMs <= limits.listingTtlMsMax)) {
    const hours = limits.listingTtlMsMax / 3_600_000;
    throw args.refusal("listingTtl", `to be at most ${hours}h`);
  }
  return { approvalMs, listingTtlMs };
}

/** What flags and file say about key files, named by their whole path. @throws Failure `usage` */
export function keysConfig(args: Arguments): Pick<Config, "keystore" | "kdf" | "configDir"> {
  const keystore = args.text("keystore");
  if (keystore === "") throw args.refusal("keystore", "to name a folder");
  return {
    keystore: resolve(keystore),
    configDir: args.text("configdir"),
    kdf: args.on("lightkdf") ? "light" : "standard",
  };
}

/** Whoever gave Clef the device that forgets everything wanted no log. */
function auditLogOf(path: string): string {
  return path === "" || path === "/dev/null" ? "off" : path;
}
