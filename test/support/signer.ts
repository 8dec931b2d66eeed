import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAddress } from "../../packages/signer/src/domain/address.ts";
import { Secret } from "../../packages/signer/src/domain/secret.ts";
import { lightKdf, type ScryptParams, standardKdf } from "../../packages/signer/src/vault/kdf.ts";
import { encodeKeyFile, keyFileName } from "../../packages/signer/src/vault/keyfile.ts";
import { seal } from "../../packages/signer/src/vault/seal.ts";
import { endOf } from "./ending.ts";
import { type RpcClient, rpcClient } from "./rpc.ts";
import { root } from "./shared.ts";
import { type Answerer, approveAll, StdioWindow } from "./stdio-window.ts";

/** The public test accounts of the recordings: the first two of `test test … junk`. */
export const samplePassword = "password-0123456789";
export const sampleAccounts = [
  "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
  "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
] as const;
const sampleKeys = [
  "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
  "59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
] as const;

/** Their key files, made once: content by name, the first account's name first. */
const sampleFiles = sampleKeys.map((_, at) => sampleFile(at, lightKdf));

/** The key file of a sample account: its name, its content. */
function sampleFile(at: number, kdf: ScryptParams): readonly [string, Uint8Array] {
  const address = parseAddress(sampleAccounts[at] ?? "");
  if (address === undefined) throw new Error("no such account");
  const key = Secret.taking(Buffer.from(sampleKeys[at] ?? "", "hex"));
  const password = Secret.taking(Buffer.from(samplePassword));
  const random = { salt: randomBytes(32), iv: randomBytes(16) };
  const sealed = seal({ key, password }, { kdf, ...random });
  const name = keyFileName(address, { atMs: at, nanos: 0 });
  return [name, encodeKeyFile({ address, sealed }, randomUUID())];
}

/** A home of its own: a key folder and a configuration folder. */
export interface Home {
  readonly folder: string;
  readonly keystore: string;
  readonly configDir: string;
  remove(): void;
}

/** Makes a home; with `sample` it holds the two sample accounts' key files. */
export function makeHome({ sample }: { sample: boolean }): Home {
  const folder = mkdtempSync(join(tmpdir(), "cleft-test-"));
  const [keystore, configDir] = [join(folder, "keystore"), join(folder, "config")];
  if (sample) {
    mkdirSync(keystore);
    for (const [name, file] of sampleFiles) writeFileSync(join(keystore, name), file);
  }
  return { folder, keystore, configDir, remove: () => removeFolder(folder) };
}

/** A home whose first account takes a second to open: what is asked for meanwhile surely waits. */
export function makeSlowHome(): Home {
  const home = makeHome({ sample: false });
  const [name, file] = sampleFile(0, standardKdf);
  mkdirSync(home.keystore);
  writeFileSync(join(home.keystore, name), file);
  return home;
}

/** A signer that is being ended may still write, so a folder that isn't empty is tried again. */
function removeFolder(folder: string): void {
  for (let tries = 0; ; tries++) {
    try {
      rmSync(folder, { recursive: true, force: true });
      return;
    } catch (error) {
      if (tries >= 100) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    }
  }
}

/** A running signer with a stdio window. */
export interface Signer extends RpcClient {
  readonly window: StdioWindow;
  readonly child: ChildProcessWithoutNullStreams;
  readonly home: Home;
  /** Everything that it wrote to stderr. */
  log(): string;
  /** Ends it and resolves with its exit code, or with the signal that killed it. */
  stop(signal?: NodeJS.Signals): Promise<number | string>;
}

export interface SignerOptions {
  readonly home: Home;
  readonly answerer?: Answerer;
  readonly args?: readonly string[];
  /** A module that is loaded before the program. */
  readonly preload?: string;
  /** Another program than the repository's, e.g. an installed one. */
  readonly command?: string;
}

/** Starts the real program on a free port of 127.0.0.1. */
export async function startSigner(options: SignerOptions): Promise<Signer> {
  const { home, answerer, args = [], command = `${root}packages/signer/bin/cleft.mjs` } = options;
  const child = spawn(process.execPath, [
    ...(options.preload === undefined ? [] : ["--import", options.preload]),
    command,
    ...["--keystore", home.keystore, "--configdir", home.configDir],
    ...["--http", "--http.port", "0", "--lightkdf", "--stdio-ui", "--suppress-bootwarn"],
    ...args,
  ]);
  const ended = endOf(child);
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    log += text;
  });
  const streams = { input: child.stdout, output: child.stdin };
  const window = new StdioWindow(streams, answerer ?? approveAll(samplePassword));
  const started = window.next("ui_onSignerStartup");
  const first = await Promise.race([started, ended]);
  if (typeof first !== "object") throw new Error(`cleft ended with ${first}: ${log}`);
  const { extapi_http: url } = first.params[0]["info"] as { extapi_http: string };

  return {
    ...rpcClient(url),
    window,
    child,
    home,
    log: () => log,
    stop(signal = "SIGTERM") {
      child.kill(signal);
      return ended;
    },
  };
}

/** A payment of one wei by a sample account. */
export function payment(fields: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    from: sampleAccounts[0],
    to: "0x000000000000000000000000000000000000dEaD",
    gas: "0x5208",
    maxFeePerGas: "0xb2d05e00",
    maxPriorityFeePerGas: "0x3b9aca00",
    value: "0x1",
    nonce: "0x0",
    chainId: "0x1",
    ...fields,
  };
}
