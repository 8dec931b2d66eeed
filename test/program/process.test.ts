import { existsSync, renameSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { payment, startSigner } from "../support/signer.ts";
import { readLedger, start, until } from "./running.ts";

test("SIGHUP without a terminal is no reason to end", async () => {
  const signer = await start();
  signer.child.kill("SIGHUP");
  await until(() => signer.log().includes("nothing to reload yet"));
  expect(await signer.call("account_version")).toMatchObject({ result: "6.1.0" });
});

test("a key folder that is no folder any more is an error and no crash", async () => {
  const signer = await start();
  renameSync(signer.home.keystore, `${signer.home.keystore}-away`);
  writeFileSync(signer.home.keystore, "");
  const { error } = await signer.call("account_list");
  expect(error).toEqual({ code: -32000, message: "internal error" });
  expect(await signer.call("account_version")).toMatchObject({ result: "6.1.0" });
});

test("what was approved and not signed yet is void once the signer has to end", async () => {
  const signer = await start();
  const replies = [0, 1, 2, 3, 4, 5, 6, 7].map((nonce) =>
    signer
      .call("account_signTransaction", [payment({ nonce: `0x${nonce}` })])
      .catch(() => undefined),
  );
  await until(() => readLedger(signer).includes('"type":"intent"'));
  expect(await signer.stop()).toBe(0);
  await Promise.all(replies);
  const records = readLedger(signer)
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const signed = records.filter(({ signed }) => typeof signed === "string");
  const intents = records.filter(({ type }) => type === "intent");
  expect(signed.length).toBeLessThan(3);
  expect(records.filter(({ type }) => type === "outcome")).toHaveLength(intents.length);
});

test("a second one for the same configuration is refused and doesn't disturb the first", async () => {
  const signer = await start();
  const alias = join(signer.home.folder, "alias");
  symlinkSync(signer.home.configDir, alias);
  await expect(startSigner({ home: { ...signer.home, configDir: alias } })).rejects.toThrow(
    new RegExp(`another cleft \\(process ${signer.child.pid}\\) uses`),
  );
  expect(await signer.call("account_list")).toHaveProperty("result");
});

test.each(["SIGTERM", "SIGINT"] as const)(
  "%s refuses what is open and ends with 0",
  async (name) => {
    const signer = await start({ answerer: () => undefined });
    const asked = signer.window.next("ui_approveTx");
    const reply = signer.call("account_signTransaction", [payment()]);
    await asked;
    const ended = signer.stop(name);
    expect(await reply).toMatchObject({ error: { message: "request denied" } });
    expect(await ended).toBe(0);
    expect(existsSync(join(signer.home.configDir, "cleft.pid"))).toBe(false);
  },
);

test("SIGUSR1 opens no debugger", async () => {
  const signer = await start();
  signer.child.kill("SIGUSR1");
  await until(() => signer.log().includes("SIGUSR1 is ignored"));
  expect(signer.log()).not.toContain("Debugger");
});

test("files are private, whatever the umask was", async () => {
  const signer = await start();
  await signer.call("account_signTransaction", [payment()]);
  const mode = (path: string) =>
    (statSync(join(signer.home.configDir, path)).mode & 0o777).toString(8);
  expect([mode("."), mode("ledger.jsonl"), mode("ledger.head")]).toEqual(["700", "600", "600"]);
});
