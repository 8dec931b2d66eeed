import { cpSync, mkdtempSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { root } from "../support/shared.ts";
import { payment, sampleAccounts } from "../support/signer.ts";
import { start, until } from "./running.ts";

const deposit = payment({ data: "0xd0e30db0" });

test("a method that the file knows is named to the window and passes, as with Clef", async () => {
  const signer = await start();
  const reply = await signer.call("account_signTransaction", [deposit]);
  expect(reply.result).toMatchObject({ tx: { input: "0xd0e30db0" } });
  const asked = signer.window.messages.find(({ method }) => method === "ui_approveTx");
  expect(asked?.params[0]).toMatchObject({
    call_info: expect.arrayContaining([
      { type: "Info", message: 'Transaction invokes the following method: "deposit()"' },
    ]),
  });
});

test("a method that a Safe would call is looked up too", async () => {
  const signer = await start();
  const safe = "0x25a6c4BBd32B2424A9c99aEB0584Ad12045382B3";
  const safeTxHash = "0xab388478f53406305a98f72e3e32e8df85afdab496bec922acb89ec4aac7e010";
  const call = { to: sampleAccounts[1], value: "0", data: "0xd0e30db0" };
  const tx = { safe, ...call, nonce: 3, chainId: 1, safeTxHash };
  expect(await signer.call("account_signGnosisSafeTx", [sampleAccounts[0], tx])).toMatchObject({
    result: { signature: expect.stringMatching(/^0x/) },
  });
});

test("a method that nobody knows is rejected, as with Clef", async () => {
  const signer = await start();
  const unknown = payment({ data: "0x12345678" });
  expect(await signer.call("account_signTransaction", [unknown])).toMatchObject({
    error: { message: expect.stringContaining("signature 12345678 not found") },
  });
});

test.each<readonly [string, (path: string) => void]>([
  ["missing", (path) => rmSync(path)],
  ["cut", (path) => truncateSync(path, 1_000_000)],
])("a file of methods that is %s is named in a warning, and signing goes on", async (_, spoil) => {
  const folder = mkdtempSync(join(tmpdir(), "cleft-methods-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const part of ["bin", "dist"]) {
    cpSync(`${root}packages/signer/${part}`, join(folder, part), { recursive: true });
  }
  const path = join(folder, "dist", "methods.bin");
  spoil(path);
  const signer = await start({ command: join(folder, "bin", "cleft.mjs") });
  await until(() => signer.log().includes("Only the methods of standard tokens are known"));
  expect(signer.log()).toContain(path);
  expect(await signer.call("account_signTransaction", [deposit])).toMatchObject({
    error: { message: expect.stringContaining("signature d0e30db0 not found") },
  });
  const transfer = `0xa9059cbb${"0".repeat(24)}${"b".repeat(40)}${"0".repeat(63)}1`;
  const reply = await signer.call("account_signTransaction", [payment({ data: transfer })]);
  expect(reply.result).toBeDefined();
});
