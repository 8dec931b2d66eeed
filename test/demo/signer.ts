import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { join } from "node:path";
import { type Address, formatEther, type Hex } from "viem";
import { foundry } from "viem/chains";
import { approveAll, StdioWindow, type WindowMessage } from "../support/stdio-window.ts";
import { say } from "./say.ts";

/** The demo's key lives for a minute and holds play money, so its password may be known. */
const password = "demo-password";
const isAttended = process.stdin.isTTY === true && process.stdout.isTTY === true;

/** Where the demo's signer keeps its things. */
export interface DemoHome {
  readonly root: string;
  readonly folder: string;
}

function cleft(root: string): string {
  return join(root, "packages/signer/bin/cleft.mjs");
}

/** Makes a key, and returns its account. */
export function newAccount({ root, folder }: DemoHome): Address {
  const folders = ["--keystore", join(folder, "keystore"), "--configdir", join(folder, "config")];
  const flags = [...folders, "--lightkdf", "--suppress-bootwarn"];
  const text = execFileSync(process.execPath, [cleft(root), "newaccount", ...flags], {
    input: `${password}\n`,
    encoding: "utf8",
    stdio: ["pipe", "pipe", "ignore"],
  });
  const [address] = /0x[0-9a-fA-F]{40}/.exec(text) ?? [];
  if (address === undefined) throw new Error(`cleft newaccount said: ${text}`);
  return address as Address;
}

/**
 * Starts a signer. Attended, it has this terminal; otherwise a window program of the tests answers.
 * `within` is a program that runs it, e.g. one that takes the network away.
 */
export async function startSigner(
  { root, folder }: DemoHome,
  {
    flags,
    within = [],
    untilServing,
  }: {
    readonly flags: readonly string[];
    readonly within?: readonly string[];
    readonly untilServing: () => Promise<void>;
  },
): Promise<ChildProcess> {
  const [program = "", ...args] = [
    ...within,
    ...[process.execPath, cleft(root)],
    ...["--keystore", join(folder, "keystore"), "--configdir", join(folder, "config")],
    ...["--chainid", String(foundry.id), "--suppress-bootwarn", "--loglevel", "2"],
    ...flags,
  ];
  if (isAttended) {
    // Line after line: on a screen of its own the signer would cover this text.
    say("\nRead the request below for two seconds or more, type yes and Enter,");
    say(`then the password:  ${password}`);
    const child = spawn(program, [...args, "--line"], { stdio: "inherit" });
    await untilServing();
    return child;
  }
  const child = spawn(program, [...args, "--stdio-ui"], { stdio: ["pipe", "pipe", "inherit"] });
  const approve = approveAll(password);
  const window = new StdioWindow({ input: child.stdout, output: child.stdin }, (message) => {
    if (message.method === "ui_approveTx")
      say(`   The window is asked:           ${summary(message)}`);
    if (message.method === "ui_onInputRequired") say("   It approves and gives the password.");
    return approve(message);
  });
  await window.next("ui_onSignerStartup");
  return child;
}

/** What a window reads first: who asks, as far as the channel knows, and for what. */
function summary({ params: [{ transaction, meta }] }: WindowMessage): string {
  const { value, to } = transaction as { value: Hex; to: Address };
  const { scheme, remote } = meta as { scheme: string; remote: string };
  const who = scheme === "qrexec" ? `qube ${remote}: ` : "";
  return `${who}pay ${formatEther(BigInt(value))} coins to ${to.slice(0, 6)}...${to.slice(-4)}?`;
}
