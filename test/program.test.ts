import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { Agent, request } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { makeHome, payment, type Signer, startSigner } from "./support/signer.ts";
import { approveAll, type WindowMessage } from "./support/stdio-window.ts";

const running: Signer[] = [];

async function start(options: Partial<Parameters<typeof startSigner>[0]> = {}): Promise<Signer> {
  const home = options.home ?? makeHome({ sample: true });
  const signer = await startSigner({ ...options, home });
  running.push(signer);
  return signer;
}

afterEach(async () => {
  for (const signer of running.splice(0)) {
    await signer.stop("SIGKILL");
    if (existsSync(signer.home.folder)) signer.home.remove();
  }
});

const sign = (tx: unknown) =>
  JSON.stringify({ jsonrpc: "2.0", id: 7, method: "account_signTransaction", params: [tx] });

/** A body, and what its error must say. */
const badBodies: readonly (readonly [string, string, number, RegExp])[] = [
  ["no JSON", "{", -32700, /^parse error$/],
  ["too deep", `${"[".repeat(5000)}`, -32700, /at most 64 levels/],
  [
    "twin keys",
    sign(payment()).replace('"gas"', '"to":"0x0000000000000000000000000000000000000001","gas"'),
    -32700,
    /"to" appears twice/,
  ],
  [
    "twin keys behind an escape",
    '{"jsonrpc":"2.0","id":1,"method":"account_version","m\\u0065thod":"x"}',
    -32700,
    /"method" appears twice/,
  ],
  ["a number as nonce", sign(payment({ nonce: 0 })), -32602, /"nonce".*hex quantity.*got a number/],
  ["no nonce", sign(payment({ nonce: undefined })), -32602, /missing required field 'nonce'/],
  ["no gas", sign(payment({ gas: undefined })), -32602, /missing required field 'gas'/],
  ["a null nonce", sign(payment({ nonce: null })), -32602, /"nonce"/],
  [
    "a nonce over 64 bits",
    sign(payment({ nonce: "0x10000000000000000" })),
    -32602,
    /"nonce".*2\^64/,
  ],
  ["a negative value", sign(payment({ value: "-0x1" })), -32602, /"value"/],
  ["a value over 256 bits", sign(payment({ value: `0x1${"0".repeat(64)}` })), -32602, /2\^256/],
  ["leading zeros", sign(payment({ value: "0x01" })), -32602, /"value"/],
  ["a short recipient", sign(payment({ to: "0xdead" })), -32602, /"to".*40 hex digits/],
  ["an empty recipient", sign(payment({ to: "" })), -32602, /"to"/],
  [
    "another name of a field",
    sign(payment({ GAS: "0x1" })),
    -32602,
    /"GAS".*expected the name "gas"/,
  ],
  ["odd calldata", sign(payment({ data: "0x123" })), -32602, /"data".*even number/],
  [
    "data and input that differ",
    sign(payment({ data: "0x01", input: "0x02" })),
    -32000,
    /ambiguous request/,
  ],
  [
    "another chain",
    sign(payment({ chainId: "0x2" })),
    -32000,
    /requested chainid 2 does not match/,
  ],
  ["chain zero", sign(payment({ chainId: "0x0" })), -32000, /requested chainid 0 does not match/],
  [
    "a wrong checksum",
    sign(payment({ to: "0x70997970c51812dc3A010C7d01b50e0d17dc79C8" })),
    -32000,
    /Invalid checksum on recipient/,
  ],
  [
    "both kinds of fee",
    sign(payment({ gasPrice: "0x1" })),
    -32000,
    /Both 'gasPrice' and 'maxFeePerGas'/,
  ],
  [
    "no tip",
    sign(payment({ maxPriorityFeePerGas: null })),
    -32000,
    /Neither 'gasPrice' nor 'maxPriorityFeePerGas'/,
  ],
  ["a contradicting type", sign(payment({ type: "0x0" })), -32602, /"type".*"0x2"/],
  [
    "a contradicting gas limit",
    sign(payment({ gasLimit: "0x1" })),
    -32602,
    /"gasLimit".*same as gas/,
  ],
  ["an authorization list", sign(payment({ authorizationList: [] })), -32602, /only a type 4/],
  [
    "an access list without keys",
    sign(payment({ accessList: [{ address: payment()["to"] }] })),
    -32602,
    /storageKeys/,
  ],
  [
    "a blob transaction",
    sign(payment({ blobVersionedHashes: [`0x01${"0".repeat(62)}`] })),
    -32000,
    /type 3 are not implemented yet/,
  ],
  ["an array as transaction", sign([]), -32602, /expected an object/],
  [
    "no arguments",
    '{"jsonrpc":"2.0","id":1,"method":"account_signTransaction"}',
    -32602,
    /missing value for required argument 0/,
  ],
  [
    "too many arguments",
    '{"jsonrpc":"2.0","id":1,"method":"account_version","params":[1]}',
    -32602,
    /too many arguments, want at most 0/,
  ],
  [
    "named arguments",
    '{"jsonrpc":"2.0","id":1,"method":"account_version","params":{}}',
    -32602,
    /non-array args/,
  ],
  [
    "an unknown method",
    '{"jsonrpc":"2.0","id":1,"method":"eth_sign"}',
    -32601,
    /^the method eth_sign does not exist\/is not available$/,
  ],
  [
    "another of Clef's methods",
    '{"jsonrpc":"2.0","id":1,"method":"account_signData"}',
    -32601,
    /account_signData is not implemented yet/,
  ],
  ["a prototype's name", '{"jsonrpc":"2.0","id":1,"method":"__proto__"}', -32601, /does not exist/],
  [
    "an object as id",
    '{"jsonrpc":"2.0","id":{},"method":"account_version"}',
    -32600,
    /invalid request/,
  ],
];

const versionCall = '{"jsonrpc":"2.0","id":1,"method":"account_version"}';

describe("bad input", () => {
  test("gets a clear error, nothing is asked or signed, and the process lives", async () => {
    const signer = await start();
    for (const [name, body, code, message] of badBodies) {
      const { status, text } = await signer.post(body);
      expect(status, name).toBe(200);
      expect(JSON.parse(text), name).toMatchObject({
        error: { code, message: expect.stringMatching(message) },
      });
    }
    expect(signer.window.messages.map(({ method }) => method)).toEqual(["ui_onSignerStartup"]);
    expect(await signer.call("account_version")).toMatchObject({ result: "6.1.0" });
    expect(readFileSync(join(signer.home.configDir, "ledger.jsonl"), "utf8")).toBe("");
  });

  test("a body that is too large is refused before it is read", async () => {
    const signer = await start();
    const huge = `{"jsonrpc":"2.0","id":1,"method":"account_version","x":"${"x".repeat(5 * 2 ** 20)}"}`;
    const { status, text } = await signer.post(huge);
    expect([status, text]).toEqual([413, `content length too large (${huge.length}>5242880)\n`]);
  });

  test.each([
    ["GET", {}, 405, "method not allowed\n"],
    ["PATCH", {}, 405, "method not allowed\n"],
    ["OPTIONS", {}, 405, "method not allowed\n"],
    ["PUT", {}, 405, "method not allowed\n"],
    [
      "POST",
      { "content-type": "text/plain" },
      415,
      "invalid content type, only application/json is supported\n",
    ],
    ["POST", { origin: "https://evil.example" }, 403, /web page/],
  ])("%s with %o is answered %i", async (method, headers, status, text) => {
    const signer = await start();
    const response = await fetch(signer.url, {
      method,
      headers: { "content-type": "application/json", ...headers },
      ...(method === "GET" ? {} : { body: versionCall }),
    });
    expect(response.status).toBe(status);
    expect(await response.text()).toMatch(text);
  });

  test.each(["evil.example", "localhost.evil.example", "", "127.0.0.2", "0.0.0.0"])(
    "a Host header of %o is refused",
    async (host) => {
      const signer = await start();
      const reply = await rawRequest(
        signer,
        `POST / HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 2\r\n\r\n{}`,
      );
      expect(reply).toContain("403 Forbidden");
    },
  );
});

describe("the window", () => {
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
    [
      "no fee cap",
      { approved: true, transaction: payment({ maxFeePerGas: null, gasPrice: "0x1" }) },
    ],
  ];
  test.each(answers)("answering %s signs nothing", async (_name, result) => {
    const signer = await start({ answerer: () => result });
    expect(await signer.call("account_signTransaction", [payment()])).toMatchObject({
      error: { code: -32000, message: "request denied" },
    });
    expect(readFileSync(join(signer.home.configDir, "ledger.jsonl"), "utf8")).not.toContain(
      "intent",
    );
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
});

describe("the process", () => {
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
    expect(signer.window.messages.some(({ method }) => method === "ui_onInputRequired")).toBe(
      false,
    );
    expect(readFileSync(join(signer.home.configDir, "ledger.jsonl"), "utf8")).toBe("");
  });

  test("a client that only closes its sending half still gets its answer", async () => {
    const signer = await start();
    const body = JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "account_signTransaction",
      params: [payment()],
    });
    const head = `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
    expect(await rawRequest(signer, head + body)).toContain('"raw":"0x02');
  });

  test("a half-closed client that then goes away withdraws its question", async () => {
    const signer = await start({ answerer: () => undefined });
    const asked = signer.window.next("ui_approveTx");
    const body = JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "account_signTransaction",
      params: [payment()],
    });
    const socket = connect(Number(new URL(signer.url).port), "127.0.0.1");
    socket.end(
      `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
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

  test("SIGHUP without a terminal is no reason to end", async () => {
    const signer = await start();
    signer.child.kill("SIGHUP");
    await until(() => signer.log().includes("nothing to reload yet"));
    expect(await signer.call("account_version")).toMatchObject({ result: "6.1.0" });
  });

  test("a body of a million empty values is refused before it costs memory", async () => {
    const signer = await start();
    const { text } = await signer.post(`[${"{},".repeat(1_700_000)}{}]`);
    expect(JSON.parse(text).error).toEqual({
      code: -32700,
      message: "expected at most 100000 values",
    });
  });

  test("connections that say nothing don't shut others out", async () => {
    const signer = await start();
    const { port } = new URL(signer.url);
    const idle = Array.from({ length: 100 }, () => connect(Number(port), "127.0.0.1"));
    for (const socket of idle) socket.on("error", () => undefined);
    await Promise.all(idle.map((socket) => once(socket, "connect")));
    expect(await signer.call("account_version")).toMatchObject({ result: "6.1.0" });
    for (const socket of idle) socket.destroy();
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

  test("questions beyond the limit are refused at once", async () => {
    const signer = await start({ answerer: () => undefined });
    const replies = Array.from({ length: 20 }, () =>
      signer.call("account_signTransaction", [payment()]),
    );
    await until(() => (signer.log().match(/queue\.full/g) ?? []).length === 4);
    await signer.stop();
    const messages = (await Promise.all(replies)).map(({ error }) => error?.message);
    expect(messages.filter((text) => text === "request denied")).toHaveLength(16);
    expect(messages.filter((text) => text?.startsWith("too many requests wait"))).toHaveLength(4);
  });

  test("files are private, whatever the umask was", async () => {
    const signer = await start();
    await signer.call("account_signTransaction", [payment()]);
    const { statSync } = await import("node:fs");
    const mode = (path: string) =>
      (statSync(join(signer.home.configDir, path)).mode & 0o777).toString(8);
    expect([mode("."), mode("ledger.jsonl"), mode("ledger.head")]).toEqual(["700", "600", "600"]);
  });
});

describe("the ledger", () => {
  test("is wider than its owner: nothing starts, and the hint says what to do", async () => {
    const home = makeHome({ sample: true });
    const first = await start({ home });
    await first.call("account_list");
    await first.stop();
    chmodSync(join(home.configDir, "ledger.jsonl"), 0o644);
    await expect(startSigner({ home })).rejects.toThrow(
      /hint: if nobody else has changed it: chmod 600/,
    );
  });

  test("was edited: nothing starts", async () => {
    const home = makeHome({ sample: true });
    const first = await start({ home });
    await first.call("account_list");
    await first.call("account_list");
    await first.stop();
    const path = join(home.configDir, "ledger.jsonl");
    writeFileSync(path, readFileSync(path, "utf8").replace("account_list", "account_lost"));
    await expect(startSigner({ home })).rejects.toThrow(/Fatal: the ledger doesn't verify/);
  });

  test("lost its tail: nothing starts", async () => {
    const home = makeHome({ sample: true });
    const first = await start({ home });
    await first.call("account_list");
    await first.stop();
    writeFileSync(join(home.configDir, "ledger.jsonl"), "");
    await expect(startSigner({ home })).rejects.toThrow(/records up to 1 were written, 0 are left/);
  });

  test("can't be written: nothing is signed, the caller and the log know why", async () => {
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
});

function readLedger({ home }: Signer): string {
  return readFileSync(join(home.configDir, "ledger.jsonl"), "utf8");
}

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

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    if (tries > 400) throw new Error("it never happened");
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Sends bytes, closes the sending half and returns everything that comes. */
function rawRequest({ url }: Signer, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let reply = "";
    const socket = connect({
      port: Number(new URL(url).port),
      host: "127.0.0.1",
      allowHalfOpen: true,
    });
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      reply += chunk;
    });
    socket.on("end", () => resolve(reply)).on("error", reject);
    socket.end(text);
  });
}
