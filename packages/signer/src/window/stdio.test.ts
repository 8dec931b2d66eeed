import { describe, expect, test } from "vitest";
import type { About, Questions } from "../approval/window.ts";
import type { FailureCode } from "../domain/failure.ts";
import { callerWith, failure, hungUp, settled, socketCaller } from "../domain/fakes.ts";
import type { Finding } from "../domain/finding.ts";
import { account, listingOf, never, openChannel, reviewWith, transactionWith } from "./fakes.ts";
import { stdioWindow } from "./stdio.ts";

const question = transactionWith();
const { transaction } = question;

/** Asks, and has the program answer with these members. */
async function asked<K extends keyof Questions>(kind: K, asking: Questions[K], members: object) {
  const { channel, input, said } = openChannel();
  const answer = stdioWindow(channel).ask[kind](asking, never);
  input.write(`${JSON.stringify({ jsonrpc: "2.0", id: 1, ...members })}\n`);
  return { answer: await answer, sent: said(0) };
}

const meta = {
  remote: "127.0.0.1:5000",
  local: "localhost:8550",
  scheme: "http",
  "User-Agent": "curl",
  Origin: "https://a.example",
};
const claims = { host: meta.local, userAgent: meta["User-Agent"], origin: meta.Origin };
const caller = callerWith(claims);

describe("ask(), a transaction", () => {
  test("ask() sends transaction, findings and caller as Clef does", async () => {
    const finding = (severity: Finding["severity"], source: Finding["source"]) =>
      ({ severity, source, message: `${severity} of ${source}` }) as const;
    const severities = ["info", "warning", "critical"] as const;
    const findings = (["clef", "cleft"] as const).flatMap((source) =>
      severities.map((severity) => finding(severity, source)),
    );
    const review = reviewWith({ findings });
    const { sent } = await asked("transaction", { ...question, caller, review }, { result: null });
    const call_info = [
      { type: "Info", message: "info of clef" },
      { type: "WARNING", message: "warning of clef" },
      { type: "CRITICAL", message: "critical of clef" },
      { type: "CRITICAL", message: "critical of cleft" },
    ];
    expect(sent).toEqual({
      jsonrpc: "2.0",
      id: 1,
      method: "ui_approveTx",
      params: [{ transaction, call_info, meta }],
    });
  });

  test("ask() says of the socket's callers what Clef says", async () => {
    const { sent } = await asked("transaction", { ...question, caller: socketCaller }, {});
    const socketMeta = { remote: "NA", local: "NA", scheme: "ipc", "User-Agent": "", Origin: "" };
    expect(sent).toMatchObject({ params: [{ meta: socketMeta }] });
  });

  test("ask() sends call_info null where there is nothing to say", async () => {
    const { sent } = await asked("transaction", question, { result: null });
    expect(sent).toMatchObject({ params: [{ call_info: null }] });
  });

  test.each([
    ["null", { result: null }],
    ["nothing", {}],
    ["{}", { result: {} }],
    ["true", { result: true }],
    ["a list", { result: [{ approved: true, transaction }] }],
    ["approved: false", { result: { approved: false, transaction } }],
    ['approved: "true"', { result: { approved: "true", transaction } }],
    ["approved: 1", { result: { approved: 1, transaction } }],
    ["no approved", { result: { transaction } }],
    ["Approved: true", { result: { Approved: true, transaction } }],
    ["no transaction", { result: { approved: true } }],
    ["a null transaction", { result: { approved: true, transaction: null } }],
    ["a text as transaction", { result: { approved: true, transaction: "0x" } }],
  ])("ask() takes %s for a no", async (_, members) => {
    const { answer } = await asked("transaction", question, members);
    expect(answer).toEqual({ approved: false });
  });

  test("ask() takes approved: true for a yes to the question, with what came back", async () => {
    const { answer } = await asked("transaction", question, {
      result: { approved: true, transaction: { ...transaction, nonce: "0x8" } },
    });
    expect(answer).toMatchObject({ approved: true, digest: question.digest });
    const returned = "transaction" in answer ? answer.transaction : undefined;
    expect(returned instanceof Map && returned.get("nonce")).toBe("0x8");
  });

  test("ask() throws away a window's error, which may hold text of the trusted side", async () => {
    const error = { code: 1, message: "secret text", data: "more" };
    const answer = asked("transaction", question, {
      result: { approved: true, transaction },
      error,
    });
    await expect(answer).rejects.toMatchObject(failure("window.answer", /^(?!.*secret text)/));
  });

  test("ask() ends with the reason when it is withdrawn, as the port says", async () => {
    const { channel } = openChannel();
    const gone = new AbortController();
    const answer = stdioWindow(channel).ask.transaction(question, gone.signal);
    gone.abort(hungUp);
    const reason = answer.catch((error: unknown) => error);
    expect(await Promise.race([reason, settled()])).toBe(hungUp);
  });
});

describe("ask(), a listing", () => {
  const foreign = `0x${"22".repeat(20)}`;

  test("ask() sends the accounts with their URLs", async () => {
    const { accounts } = listingOf(2);
    const named = accounts.map((one) => ({ ...one, label: "Savings" }));
    const { sent } = await asked("listing", { caller, accounts: named }, { result: null });
    const shown = accounts.map(({ address, url }) => ({ address, url }));
    expect(sent).toMatchObject({ method: "ui_approveListing", params: [{ accounts: shown }] });
    expect(JSON.stringify(sent)).not.toContain("Savings");
  });

  test.each([
    ["null", null, undefined],
    ["{}", {}, undefined],
    ["null accounts", { accounts: null }, undefined],
    ["no account", { accounts: [] }, []],
    ["some", { accounts: listingOf(1).accounts }, [listingOf(1).accounts[0]?.address]],
    ["a foreign account", { accounts: [{ address: foreign, url: "x://" }] }, [foreign]],
    ["an account without url", { accounts: [{ address: foreign }] }, [foreign]],
  ])("ask() takes a listing answered with %s as Clef does", async (_, result, addresses) => {
    const { answer } = await asked("listing", listingOf(2), { result });
    expect(answer).toEqual({ addresses });
  });

  test.each([
    ["an account without a scheme", [{ address: foreign, url: "zzz" }], "window.url"],
    ["an account with an empty url", [{ address: foreign, url: "" }], "window.url"],
    ["an account without address", [{ url: "x://" }], "window.answer"],
    ["a short address", [{ address: "0x22", url: "x://" }], "window.answer"],
    ["a list of texts", [foreign], "window.answer"],
    ["an object", { 0: foreign }, "window.answer"],
    ["a text", foreign, "window.answer"],
    ["true", true, "window.answer"],
  ] as const)("ask() refuses %s", async (_, accounts, code) => {
    const answer = asked("listing", listingOf(1), { result: { accounts } });
    await expect(answer).rejects.toMatchObject(failure(code));
  });
});

describe("ask(), a password", () => {
  const asking = { account, signs: "transaction", attempt: 0 } as const;

  test("ask() prompts as Clef does and gives the text", async () => {
    const { answer, sent } = await asked("password", asking, { result: { text: "pässword" } });
    expect(answer.password.use((bytes) => Buffer.from(bytes).toString())).toBe("pässword");
    expect(sent).toMatchObject({
      method: "ui_onInputRequired",
      params: [
        {
          title: "Account password",
          prompt: expect.stringMatching(/^Please enter the password for account 0xa{40}$/i),
          isPassword: true,
        },
      ],
    });
  });

  test.each([null, {}, { text: null }, { text: 5 }, "password"])(
    "ask() takes %j for an empty password",
    async (result) => {
      const { answer } = await asked("password", asking, { result });
      expect(answer.password.use(({ length }) => length)).toBe(0);
    },
  );

  test("ask() refuses an endless password as a failure, not as a bug that ends the signer", async () => {
    const answer = asked("password", asking, { result: { text: "x".repeat(5000) } });
    await expect(answer).rejects.toMatchObject({ name: "Failure" });
  });
});

function failed(about: About, code: FailureCode, agreed: boolean) {
  return { kind: "failed", about, code, text: "x", agreed } as const;
}

test.each([
  [{ kind: "complaint", text: "x" } as const, "ui_showError", { text: "x" }],
  [failed("transaction", "vault.failed", true), "ui_showError", { text: "x" }],
  [failed("data", "request.denied", false), "ui_showError", { text: "x" }],
  [failed("data", "account.unknown", true), "ui_showError", { text: "unknown account" }],
  [
    {
      kind: "started",
      info: { extapi_http: "h", extapi_ipc: "n/a", extapi_version: "6", intapi_version: "7" },
      qrexec: "n/a",
      chains: [],
      keystore: "/k",
    } as const,
    "ui_onSignerStartup",
    { info: { extapi_http: "h", extapi_ipc: "n/a", extapi_version: "6", intapi_version: "7" } },
  ],
])("tell() notifies of $kind by Clef's method", (notice, method, param) => {
  const { channel, said } = openChannel();
  stdioWindow(channel).tell(notice);
  expect(said(0)).toEqual({ jsonrpc: "2.0", method, params: [param] });
});

test.each([
  failed("transaction", "request.denied", false),
  failed("transaction", "account.unknown", true),
  failed("listing", "request.denied", false),
  failed("account", "password.weak", true),
  { kind: "signed-data", account } as const,
  {
    kind: "grant",
    grant: { account, caller: "any", until: 0, usesLeft: 1 },
    change: "begun",
  } as const,
])("tell() says nothing where Clef says nothing: $about $code", (notice) => {
  const { channel, lines } = openChannel();
  stdioWindow(channel).tell(notice);
  expect(lines).toEqual([]);
});
