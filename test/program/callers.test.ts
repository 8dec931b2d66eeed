import { once } from "node:events";
import { Agent, request } from "node:http";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { limits } from "../../packages/signer/src/domain/limits.ts";
import { makeSlowHome, payment, type Signer } from "../support/signer.ts";
import { portOf, rawPayment, rawRequest, readLedger, start, until } from "./running.ts";

test("a client that hangs up withdraws its question, and nothing is signed for nobody", async () => {
  const signer = await start({ answerer: () => undefined });
  const caller = new AbortController();
  const asked = signer.window.next("ui_approveTx");
  const reply = signer
    .call("account_signTransaction", [payment()], caller.signal)
    .catch(() => "gone");
  const { id } = await asked;
  caller.abort();
  expect(await reply).toBe("gone");
  await until(() => signer.log().includes("request.withdrawn"));
  signer.window.answer(id, { approved: true, transaction: payment() });
  expect(await signer.call("account_version")).toMatchObject({ result: "6.1.0" });
  expect(signer.window.messages.some(({ method }) => method === "ui_onInputRequired")).toBe(false);
  expect(readLedger(signer)).toBe("");
});

test("a client that hangs up while its signature waits for others gets none made", async () => {
  const signer = await start({ home: makeSlowHome() });
  const callers = Array.from({ length: 8 }, () => new AbortController());
  const replies = callers.map(({ signal }, nonce) => {
    const tx = payment({ nonce: `0x${nonce.toString(16)}` });
    return signer.call("account_signTransaction", [tx], signal).catch(() => undefined);
  });
  const countOf = (text: string) => readLedger(signer).split(text).length - 1;
  await until(() => countOf('"type":"intent"') === callers.length);
  for (const caller of callers) caller.abort();
  await Promise.all(replies);
  await until(() => countOf('"type":"outcome"') === callers.length);
  // What is being signed can't be stopped; what waits behind it is.
  expect(countOf('"failure":"request.withdrawn"')).toBeGreaterThan(0);
});

test("of bodies that together hold too much, the caller of the heaviest is cut off, also while it waits", async () => {
  const signer = await start({ answerer: () => undefined });
  const mebibyte = 1024 * 1024;
  let cutOff = 0;
  const ask = (bytes: number) =>
    signer.call("account_signTransaction", [payment({ note: "x".repeat(bytes) })]).catch(() => {
      cutOff++;
    });
  const replies = [ask(4.9 * mebibyte)];
  await until(() => signer.window.messages.some(({ method }) => method === "ui_approveTx"));
  for (let at = 0; at < 8; at++) replies.push(ask(3.9 * mebibyte));
  await until(() => cutOff > 0);
  await until(() => signer.log().includes("request.withdrawn"));
  expect(await signer.call("account_version")).toMatchObject({ result: "6.1.0" });
  await signer.stop();
  await Promise.all(replies);
});

test("a client that only closes its sending half still gets its answer", async () => {
  const signer = await start();
  expect(await rawRequest(signer, rawPayment())).toContain('"raw":"0x02');
});

test("a half-closed client that then goes away withdraws its question", async () => {
  const signer = await start({ answerer: () => undefined });
  const asked = signer.window.next("ui_approveTx");
  const socket = connect(portOf(signer), "127.0.0.1");
  socket.end(rawPayment());
  await asked;
  socket.destroy();
  await until(() => signer.log().includes("request.withdrawn"));
});

test("an unknown account is found out only after approval, and without a trace of paths", async () => {
  const signer = await start();
  const { error } = await signer.call("account_signTransaction", [
    payment({ from: payment()["to"] }),
  ]);
  expect(error).toEqual({ code: -32000, message: "unknown account" });
  const asked = signer.window.messages.map(({ method }) => method);
  expect(asked).toEqual(["ui_onSignerStartup", "ui_approveTx"]);
});

test("an approved request that fails is in the ledger all the same", async () => {
  const signer = await start();
  await signer.call("account_signTransaction", [payment({ from: payment()["to"] })]);
  const [record = ""] = readLedger(signer).split("\n");
  expect(JSON.parse(record)).toMatchObject({ type: "refusal", failure: "account.unknown" });
});

test("many requests over one connection leave nothing behind", async () => {
  const signer = await start();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (let count = 0; count < 30; count++) await getVersion(signer, agent);
  agent.destroy();
  expect(signer.log()).not.toContain("Warning");
  expect(await signer.stop()).toBe(0);
});

test("connections that say nothing don't shut others out", async () => {
  const signer = await start();
  const idle = Array.from({ length: 100 }, () => connect(portOf(signer), "127.0.0.1"));
  for (const socket of idle) socket.on("error", () => undefined);
  await Promise.all(idle.map((socket) => once(socket, "connect")));
  expect(await signer.call("account_version")).toMatchObject({ result: "6.1.0" });
  for (const socket of idle) socket.destroy();
});

test("questions beyond a caller's share are refused at once", async () => {
  const signer = await start({ answerer: () => undefined });
  const share = limits.questionsMax / 2;
  const replies = Array.from({ length: share + 12 }, () =>
    signer.call("account_signTransaction", [payment()]),
  );
  await until(() => (signer.log().match(/queue\.full/g) ?? []).length === 12);
  await signer.stop();
  const messages = (await Promise.all(replies)).map(({ error }) => error?.message);
  expect(messages.filter((text) => text === "request denied")).toHaveLength(share);
  expect(messages.filter((text) => text?.startsWith("too many requests wait"))).toHaveLength(12);
});

function getVersion({ url }: Signer, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json" };
    const sent = request(url, { method: "POST", agent, headers }, (response) => {
      response.resume().on("end", resolve);
    });
    sent.on("error", reject);
    sent.end('{"jsonrpc":"2.0","id":1,"method":"account_version"}');
  });
}
