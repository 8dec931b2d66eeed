import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Address, createTestClient, formatEther, http, parseEther, publicActions } from "viem";
import { foundry } from "viem/chains";
import { end, startAnvil } from "../support/anvil.ts";
import { payee, Refused, requestPayment } from "./dapp.ts";
import { say } from "./say.ts";
import { type DemoHome, newAccount } from "./signer.ts";

/** A way from a dapp to a signer that runs: where the dapp asks, and what has to end in the end. */
export interface Way {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Tells the story of one payment: it is asked for, approved, signed by a key that the dapp never sees,
 * and mined. `open` starts the signer and what lies between.
 */
export async function tell(root: string, open: (home: DemoHome) => Promise<Way>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "cd-"));
  const children: ChildProcess[] = [];
  let way: Way | undefined;
  try {
    const account = newAccount({ root, folder });
    say(`1. A signer with a new key:       ${account}`);
    const anvil = await startAnvil(root);
    children.push(anvil.child);
    say(`2. A chain on this machine:       ${anvil.url} (anvil, a test chain)`);
    const chain = createTestClient({
      ...{ chain: foundry, mode: "anvil", transport: http(anvil.url) },
    }).extend(publicActions);
    await chain.setBalance({ address: account, value: parseEther("10") });
    way = await open({ root, folder });
    say(`3. A dapp asks to pay 1.5 coins:  ${payee}`);
    const raw = await requestPayment(way.url, { account, chain });
    const hash = await chain.sendRawTransaction({ serializedTransaction: raw });
    tellReceipt(
      await chain.waitForTransactionReceipt({ hash }),
      await chain.getBalance({ address: payee }),
    );
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    say(`\nNothing was signed: the signer answered "${error.message}".`);
    process.exitCode = 1;
  } finally {
    await way?.close();
    for (const child of children.reverse()) await end(child);
    rmSync(folder, { recursive: true });
  }
}

interface Receipt {
  readonly status: string;
  readonly transactionHash: string;
  readonly blockNumber: bigint;
  readonly from: Address;
  readonly to: Address | null;
  readonly gasUsed: bigint;
}

function tellReceipt(receipt: Receipt, payeeWei: bigint): void {
  say("\nMined. The receipt:\n");
  const rows = {
    status: receipt.status,
    transaction: receipt.transactionHash,
    block: receipt.blockNumber,
    from: receipt.from,
    to: receipt.to,
    "gas used": receipt.gasUsed,
    "payee has": `${formatEther(payeeWei)} coins`,
  };
  for (const [label, value] of Object.entries(rows)) say(`${label.padEnd(12)} ${value}`);
  say("\nThe key never left the signer; the dapp got a signed transaction, nothing else.");
}
