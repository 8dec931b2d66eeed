import { chmodSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeHome, payment, startSigner } from "../support/signer.ts";
import { start } from "./running.ts";

test("a ledger that is wider than its owner: nothing starts, and the hint says what to do", async () => {
  const home = makeHome({ sample: true });
  const first = await start({ home });
  await first.call("account_list");
  await first.stop();
  chmodSync(join(home.configDir, "ledger.jsonl"), 0o644);
  await expect(startSigner({ home })).rejects.toThrow(
    /hint: if nobody else has changed it: chmod 600/,
  );
});

test("a ledger that was edited: nothing starts", async () => {
  const home = makeHome({ sample: true });
  const first = await start({ home });
  await first.call("account_list");
  await first.call("account_list");
  await first.stop();
  const path = join(home.configDir, "ledger.jsonl");
  writeFileSync(path, readFileSync(path, "utf8").replace("account_list", "account_lost"));
  await expect(startSigner({ home })).rejects.toThrow(/Fatal: the ledger doesn't verify/);
});

test("a ledger that lost its tail: nothing starts", async () => {
  const home = makeHome({ sample: true });
  const first = await start({ home });
  await first.call("account_list");
  await first.stop();
  writeFileSync(join(home.configDir, "ledger.jsonl"), "");
  await expect(startSigner({ home })).rejects.toThrow(/records up to 1 were written, 0 are left/);
});

test("a ledger that can't be written: nothing is signed, the caller and the log know why", async () => {
  const signer = await start();
  // Root writes everywhere, so the folder goes away instead of losing its permissions.
  renameSync(signer.home.configDir, `${signer.home.configDir}-away`);
  writeFileSync(signer.home.configDir, "");
  const { error } = await signer.call("account_signTransaction", [payment()]);
  expect(error?.message).toBe("the signer can't record the request, nothing was signed");
  expect(signer.log()).toContain("ledger.unwritable");
  expect(signer.log()).toContain("hint=");
  const log = readFileSync(join(`${signer.home.configDir}-away`, "ledger.jsonl"), "utf8");
  expect(log).not.toContain('"signed":"0x');
});
