import { once } from "node:events";
import { expect, test } from "vitest";
import { payment } from "../support/signer.ts";
import { approveAll, type WindowMessage } from "../support/stdio-window.ts";
import { readLedger, start } from "./running.ts";

const answers: readonly (readonly [string, unknown])[] = [
  ["null", null],
  ["{}", {}],
  ["approved without a transaction", { approved: true }],
  ["approved as text", { approved: "true", transaction: payment() }],
  ["a text", "yes"],
  [
    "another recipient",
    {
      approved: true,
      transaction: payment({ to: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8" }),
    },
  ],
  [
    "another account",
    {
      approved: true,
      transaction: payment({ from: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8" }),
    },
  ],
  ["more value", { approved: true, transaction: payment({ value: "0x2" }) }],
  ["another chain", { approved: true, transaction: payment({ chainId: "0x2" }) }],
  ["calldata", { approved: true, transaction: payment({ data: "0x00" }) }],
  ["no fee cap", { approved: true, transaction: payment({ maxFeePerGas: null, gasPrice: "0x1" }) }],
];
test.each(answers)("answering %s signs nothing", async (_name, result) => {
  const signer = await start({ answerer: () => result });
  expect(await signer.call("account_signTransaction", [payment()])).toMatchObject({
    error: { code: -32000, message: "request denied" },
  });
  expect(readLedger(signer)).not.toContain("intent");
});

test("may change gas, fees and nonce and lower the value, and that is what is signed", async () => {
  const changed = { gas: "0x6000", nonce: "0x9", value: "0x0", maxFeePerGas: "0xb2d05e01" };
  const approve = approveAll("password-0123456789");
  const signer = await start({
    answerer: (message: WindowMessage) =>
      message.method === "ui_approveTx"
        ? { approved: true, transaction: payment(changed) }
        : approve(message),
  });
  const { result } = await signer.call("account_signTransaction", [payment()]);
  expect(result).toMatchObject({ tx: changed });
});

test("sends noise and errors, and the channel goes on", async () => {
  const signer = await start();
  signer.window.say("this is no JSON");
  signer.window.say(
    '{"jsonrpc":"2.0","id":999,"result":{}}{"jsonrpc":"2.0","id":1,"method":"clef_new"}',
  );
  const refused = await signer.call("account_list");
  expect(refused.result).toHaveLength(2);
  const reply = signer.window.messages.find((message) => message.line.includes("clef_new"));
  expect(reply?.line).toContain("-32601");
});

test("closing its end refuses what is open and ends the signer cleanly", async () => {
  const signer = await start({ answerer: () => undefined });
  const asked = signer.window.next("ui_approveTx");
  const reply = signer.call("account_signTransaction", [payment()]);
  await asked;
  const ended = once(signer.child, "exit");
  signer.child.stdin.end();
  expect(await reply).toMatchObject({ error: { message: "request denied" } });
  expect(await ended).toEqual([0, null]);
});
