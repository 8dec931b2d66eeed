import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Wallet } from "ethers";
import { expect, test } from "vitest";
import type { Answerer } from "../support/stdio-window.ts";
import { readLedger, start, until } from "./running.ts";

/** Says yes to a new account and gives these passwords, one after another. */
const giving = (...passwords: readonly string[]): Answerer => {
  const left = [...passwords];
  return ({ method }) => {
    if (method === "ui_approveNewAccount") return { approved: true };
    return method === "ui_onInputRequired" ? { text: left.shift() } : undefined;
  };
};
const good = "a-good-password";

test("account_new makes a key that its password opens, and writes it down first", async () => {
  const signer = await start({ answerer: giving(good, good) });
  const { result } = await signer.call("account_new");
  const files = readdirSync(signer.home.keystore).filter((name) =>
    name.endsWith(String(result).slice(2)),
  );
  const path = join(signer.home.keystore, files[0] ?? "");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const wallet = await Wallet.fromEncryptedJson(readFileSync(path, "utf8"), good);
  expect(wallet.address.toLowerCase()).toBe(result);
  expect(JSON.parse(readLedger(signer))).toMatchObject({
    type: "creation",
    method: "account_new",
    account: result,
    decider: "program",
  });
});

test("account_new asks twice, says why a password won't do, and makes nothing after three", async () => {
  const passwords = ["short", good, "another-password", good, "not-the-same-1"];
  const signer = await start({ answerer: giving(...passwords) });
  const { error } = await signer.call("account_new");
  expect(error).toEqual({ code: -32000, message: "account creation failed" });
  const told = signer.window.messages.flatMap(({ method, params: [asked] }) =>
    method === "ui_showError" ? [asked["text"]] : [],
  );
  const failed = (attempt: number, why: string) =>
    `Account creation attempt #${attempt} failed due to password requirements: ${why}`;
  expect(told).toEqual([
    failed(1, "password too short (<10 characters)"),
    failed(2, "the two passwords differ"),
    failed(3, "the two passwords differ"),
  ]);
  expect(readdirSync(signer.home.keystore)).toHaveLength(2);
  expect(readLedger(signer)).toContain('"failure":"password.weak"');
});

test("a caller that hangs up while the password is asked for gets no key made", async () => {
  const caller = new AbortController();
  const answerer: Answerer = ({ method }) =>
    method === "ui_approveNewAccount" ? { approved: true } : undefined;
  const signer = await start({ answerer });
  const prompt = signer.window.next("ui_onInputRequired");
  const reply = signer.call("account_new", [], caller.signal).catch(() => "gone");
  const { id } = await prompt;
  caller.abort();
  expect(await reply).toBe("gone");
  await until(() => signer.log().includes("request.withdrawn"));
  signer.window.answer(id, { text: good });
  expect(await signer.call("account_version")).toMatchObject({ result: "6.1.0" });
  expect(readdirSync(signer.home.keystore)).toHaveLength(2);
});

test("account_signData records what was signed, without facts of a transaction", async () => {
  const signer = await start();
  const { messages } = signer.window;
  const [first] = (await signer.call("account_list")).result as string[];
  await signer.call("account_signData", ["text/plain", first, "0x68656c6c6f"]);
  const [, intent, outcome] = readLedger(signer).split("\n");
  expect(JSON.parse(intent ?? "")).toMatchObject({ type: "intent", kind: "text", account: first });
  expect(JSON.parse(intent ?? "")).not.toHaveProperty("valueWei");
  expect(JSON.parse(outcome ?? "")).toMatchObject({
    type: "outcome",
    signed: expect.stringMatching(/^0x[0-9a-f]{64}$/),
  });
  expect(messages.some(({ method }) => method === "ui_onApprovedTx")).toBe(false);
});
