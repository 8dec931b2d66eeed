import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Address,
  createTestClient,
  formatEther,
  type Hex,
  http,
  parseEther,
  publicActions,
  toHex,
} from "viem";
import { foundry } from "viem/chains";
import { end, startAnvil } from "../support/anvil.ts";
import { freePort } from "../support/ports.ts";
import { approveAll, StdioWindow, type WindowMessage } from "../support/stdio-window.ts";

/** The demo's key lives for a minute and holds play money, so its password may be known. */
const password = "demo-password";
const payee: Address = "0x000000000000000000000000000000000000dEaD";
const isAttended = process.stdin.isTTY === true && process.stdout.isTTY === true;

/** `npm run demo`: a payment is asked for, approved, signed by a key that the dapp never sees, mined. */
async function demo(root: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "cleft-demo-"));
  const children: ChildProcess[] = [];
  try {
    const account = newAccount(root, folder);
    say(`1. A signer with a new key:       ${account}`);
    const anvil = await startAnvil(root);
    children.push(anvil.child);
    say(`2. A chain (anvil):               ${anvil.url}`);
    const chain = createTestClient({
      chain: foundry,
      mode: "anvil",
      transport: http(anvil.url),
    }).extend(publicActions);
    await chain.setBalance({ address: account, value: parseEther("10") });
    say(`3. A dapp asks to pay 1.5 coins:  ${payee}`);
    const signer = await startSigner(root, folder, children);
    const raw = await requestPayment(signer, { account, chain });
    const hash = await chain.sendRawTransaction({ serializedTransaction: raw });
    const receipt = await chain.waitForTransactionReceipt({ hash });
    const balance = await chain.getBalance({ address: payee });
    say("\nMined. The receipt:\n");
    const rows = {
      status: receipt.status,
      transaction: receipt.transactionHash,
      block: receipt.blockNumber,
      from: receipt.from,
      to: receipt.to,
      "gas used": receipt.gasUsed,
      "payee has": `${formatEther(balance)} coins`,
    };
    for (const [label, value] of Object.entries(rows)) say(`${label.padEnd(12)} ${value}`);
    say("\nThe key never left the signer; the dapp got a signed transaction, nothing else.");
  } finally {
    for (const child of children.reverse()) await end(child);
    rmSync(folder, { recursive: true });
  }
}

function cleft(root: string): string {
  return join(root, "packages/signer/bin/cleft.mjs");
}

function newAccount(root: string, folder: string): Address {
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

/** Attended, the signer has this terminal; otherwise a window program of the tests answers. */
async function startSigner(
  root: string,
  folder: string,
  children: ChildProcess[],
): Promise<string> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const flags = [
    ...["--keystore", join(folder, "keystore"), "--configdir", join(folder, "config")],
    ...["--http", "--http.port", String(port), "--chainid", String(foundry.id)],
    ...["--suppress-bootwarn", "--loglevel", "2"],
  ];
  if (isAttended) {
    // Line after line: on a screen of its own the signer would cover this text.
    say("\nRead the request below for two seconds or more, type yes and Enter,");
    say(`then the password:  ${password}`);
    children.push(spawn(process.execPath, [cleft(root), ...flags, "--line"], { stdio: "inherit" }));
    await untilServing(url);
    return url;
  }
  const child = spawn(process.execPath, [cleft(root), ...flags, "--stdio-ui"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  children.push(child);
  const approve = approveAll(password);
  const window = new StdioWindow({ input: child.stdout, output: child.stdin }, (message) => {
    if (message.method === "ui_approveTx")
      say(`4. The window is asked:           ${summary(message)}`);
    if (message.method === "ui_onInputRequired") say("5. It approves and gives the password.");
    return approve(message);
  });
  await window.next("ui_onSignerStartup");
  return url;
}

/** What a window reads first. */
function summary({ params: [{ transaction }] }: WindowMessage): string {
  const { value, to } = transaction as { value: Hex; to: Address };
  return `pay ${formatEther(BigInt(value))} coins to ${to.slice(0, 6)}...${to.slice(-4)}?`;
}

/** The dapp's side: it fills in a transaction and asks for a signature. It has no key. */
async function requestPayment(
  signer: string,
  { account, chain }: { account: Address; chain: DappChain },
): Promise<Hex> {
  const value = parseEther("1.5");
  const nonce = await chain.getTransactionCount({ address: account });
  const fees = await chain.estimateFeesPerGas();
  const gas = await chain.estimateGas({ account, to: payee, value });
  const transaction = {
    from: account,
    to: payee,
    value: toHex(value),
    gas: toHex(gas),
    nonce: toHex(nonce),
    maxFeePerGas: toHex(fees.maxFeePerGas),
    maxPriorityFeePerGas: toHex(fees.maxPriorityFeePerGas),
    chainId: toHex(foundry.id),
  };
  const response = await fetch(signer, {
    method: "POST",
    headers: { "content-type": "application/json", "user-agent": "demo-dapp" },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "account_signTransaction",
      params: [transaction],
    }),
  });
  const { result, error } = (await response.json()) as {
    result?: { raw: Hex };
    error?: { message: string };
  };
  if (result === undefined) throw new Refused(error?.message ?? "no answer");
  return result.raw;
}

/** What the demo's dapp needs of a chain. */
interface DappChain {
  getTransactionCount(of: { address: Address }): Promise<number>;
  estimateFeesPerGas(): Promise<{ maxFeePerGas: bigint; maxPriorityFeePerGas: bigint }>;
  estimateGas(call: { account: Address; to: Address; value: bigint }): Promise<bigint>;
}

class Refused extends Error {}

async function untilServing(url: string): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (await fetch(url).then(Boolean, () => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("the signer didn't start");
}

function say(text: string): void {
  console.log(text);
}

try {
  await demo(process.argv[2] ?? ".");
} catch (error) {
  if (!(error instanceof Refused)) throw error;
  say(`\nNothing was signed: the signer answered "${error.message}".`);
  process.exitCode = 1;
}
