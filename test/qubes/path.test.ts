import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openPolicy } from "../support/qubes.ts";
import { request } from "../support/rpc.ts";
import { payment, sampleAccounts } from "../support/signer.ts";
import { start } from "./running.ts";

const version = request("account_version");

function ledgerOf({ home }: { home: { configDir: string } }): { [field: string]: unknown }[] {
  const text = readFileSync(join(home.configDir, "ledger.jsonl"), "utf8").trimEnd();
  return text.split("\n").map((line) => JSON.parse(line));
}

describe("a one-shot call", () => {
  test.each(["qubes.Clefsign", "qubes.EthSign"])(
    "of %s is answered with one line",
    async (name) => {
      const { oneShot } = await start();
      const { exit, out, err } = await oneShot("work", version, name);
      expect({ exit, err }).toEqual({ exit: 0, err: "" });
      expect(out).toBe('{"jsonrpc":"2.0","id":1,"result":"6.1.0"}\n');
    },
  );

  test("is asked about with the qube's name, and written down with it", async () => {
    const qubes = await start();
    const { out } = await qubes.oneShot("work", request("account_signTransaction", [payment()]));
    expect(JSON.parse(out)).toMatchObject({ result: { raw: expect.stringMatching(/^0x02/) } });
    const asked = qubes.signer.window.messages.find(({ method }) => method === "ui_approveTx");
    expect(asked?.params[0]["meta"]).toEqual({
      remote: "work",
      local: "qubes.Clefsign",
      scheme: "qrexec",
      "User-Agent": "",
      Origin: "",
    });
    expect(ledgerOf(qubes)[0]).toMatchObject({ type: "intent", caller: "qube:work" });
  });

  test("brings a person the warnings that reject over HTTP, unless the file says otherwise", async () => {
    const nobody = payment({ to: `0x${"0".repeat(40)}` });
    const warning = "Transaction recipient is the zero address";
    const { signer, oneShot } = await start();
    expect(await signer.call("account_signTransaction", [nobody])).toMatchObject({
      error: { code: -32000, message: `validation failed: ${warning}` },
    });
    await oneShot("work", request("account_signTransaction", [nobody]));
    const asked = signer.window.messages.filter(({ method }) => method === "ui_approveTx");
    expect(asked).toHaveLength(1);
    expect(asked[0]?.params[0]["call_info"]).toContainEqual({ type: "CRITICAL", message: warning });
    const strict = await start({ toml: 'qrexec.findings = "reject"' });
    const { out } = await strict.oneShot("work", request("account_signTransaction", [nobody]));
    expect(out).toContain(`validation failed: ${warning}`);
  });
});

describe("a dispatcher", () => {
  test("carries what a dapp asks, and its claims beside the qube's name", async () => {
    const qubes = await start();
    const { call, post } = await qubes.dispatcher("work");
    expect(await call("account_version")).toMatchObject({ result: "6.1.0" });
    const signed = await call("account_signTransaction", [payment()]);
    expect(signed).toMatchObject({ result: { raw: expect.stringMatching(/^0x02/) } });
    const asked = qubes.signer.window.messages.find(({ method }) => method === "ui_approveTx");
    expect(asked?.params[0]["meta"]).toMatchObject({ remote: "work", "User-Agent": "node" });
    const [intent] = ledgerOf(qubes);
    expect(intent).toMatchObject({
      caller: "qube:work",
      frame: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    const batch = `[${version},${request("account_list")},{"jsonrpc":"2.0","method":"x"}]`;
    const { text } = await post(batch);
    expect(JSON.parse(text)).toMatchObject([
      { result: "6.1.0" },
      { result: sampleAccounts.map((address) => address.toLowerCase()) },
    ]);
  });

  test("uses one call for all of it", async () => {
    const { world, dispatcher } = await start();
    const { call } = await dispatcher("work");
    await Promise.all(Array.from({ length: 50 }, () => call("account_version")));
    expect(world.calls()).toHaveLength(1);
  });

  test("of a qube that dom0 denies answers 403, and nothing reaches the vault", async () => {
    const { world, dispatcher } = await start();
    world.setPolicy("qubes.Clefsign * @anyvm @anyvm deny notify=no");
    const { post } = await dispatcher("work");
    const { status, text } = await post(version);
    expect(status).toBe(403);
    expect(JSON.parse(text)).toMatchObject({ error: { code: -32000, message: /policy/i } });
  });
});

describe("rules of cleft.toml", () => {
  const toml = `
[qube.work]
accounts = ["${sampleAccounts[1]}"]
[qube.personal]
decision = "deny"
[qube."work+defi"]
accounts = []`;

  test("an account that may not be seen isn't listed, and is refused like one that doesn't exist", async () => {
    const qubes = await start({ toml });
    const { call } = await qubes.dispatcher("work");
    expect((await call("account_list")).result).toEqual([sampleAccounts[1].toLowerCase()]);
    const nobody = `0x${"12".repeat(20)}`;
    const refusals = [];
    for (const from of [sampleAccounts[0], nobody]) {
      refusals.push((await call("account_signTransaction", [payment({ from })])).error);
      refusals.push((await call("account_signData", ["text/plain", from, "0x00"])).error);
    }
    expect(new Set(refusals.map((error) => JSON.stringify(error)))).toEqual(
      new Set(['{"code":-32000,"message":"unknown account"}']),
    );
    const asked = qubes.signer.window.messages.map(({ method }) => method);
    expect(asked).toEqual(["ui_onSignerStartup", "ui_approveListing"]);
    const seen = await call("account_signTransaction", [payment({ from: sampleAccounts[1] })]);
    expect(seen).toMatchObject({ result: { raw: expect.anything() } });
  });

  test("a denied qube and an empty list ask nobody anything", async () => {
    const qubes = await start({ toml });
    const denied = { code: -32000, message: "request denied" };
    for (const [method, params] of [
      ["account_list", []],
      ["account_new", []],
      ["account_signTransaction", [payment()]],
    ] as const) {
      const { out } = await qubes.oneShot("personal", request(method, params));
      expect(JSON.parse(out)).toMatchObject({ error: denied });
    }
    const { out } = await qubes.oneShot("work", request("account_list"), "qubes.Clefsign+defi");
    expect(JSON.parse(out)).toMatchObject({ result: [] });
    expect(qubes.signer.window.messages).toHaveLength(1);
  });

  test("who may see but one account and makes another is told its address, and the operator the rest", async () => {
    const qubes = await start({ toml });
    const { out } = await qubes.oneShot("work", request("account_new"));
    expect(JSON.parse(out)).toMatchObject({ result: expect.stringMatching(/^0x/) });
    expect(qubes.signer.log()).toContain("The caller may not use the account that it asked for");
    const from = JSON.parse(out).result;
    const again = await qubes.oneShot(
      "work",
      request("account_signTransaction", [payment({ from })]),
    );
    expect(JSON.parse(again.out)).toMatchObject({ error: { message: "unknown account" } });
  });

  test("a profile that nobody wrote down is refused", async () => {
    const { oneShot } = await start({ toml });
    const { out } = await oneShot("work", version, "qubes.Clefsign+other");
    expect(JSON.parse(out)).toMatchObject({ error: { message: /profile/ } });
  });
});

/** As Clef's document has them; its vault is called debian-work, and the client qube work. */
describe("the commands of Clef's document", () => {
  const newaccount = '{ "id": 0, "jsonrpc": "2.0","method": "account_new","params": []}\n';

  async function documented() {
    const qubes = await start({
      world: {
        qubes: [{ name: "work" }, { name: "vault" }, { name: "debian-work" }],
        policy: `qubes.Clefsign * work debian-work allow\nqubes.Clefsign * work @default allow target=debian-work\n${openPolicy}`,
      },
    });
    const { world, home } = qubes;
    symlinkSync(
      join(home.configDir, "qrexec.sock"),
      join(world.rpcFolder("debian-work"), "qubes.Clefsign"),
    );
    const folder = join(home.folder, "work");
    mkdirSync(folder);
    writeFileSync(join(folder, "newaccnt.json"), newaccount);
    return { ...qubes, folder };
  }

  /** The window answers from this very process, so it mustn't wait in the call. */
  async function inFolder(folder: string, line: string, path: string) {
    const env = { ...process.env, PATH: `${path}:${process.env["PATH"]}` };
    const child = spawn("sh", ["-c", line], { cwd: folder, env });
    let [out, err] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      err += text;
    });
    const [exit] = await once(child, "close");
    return { exit, out, err };
  }

  test("cat newaccnt.json| qrexec-client-vm debian-work qubes.Clefsign", async () => {
    const { world, folder } = await documented();
    const line = "cat newaccnt.json| qrexec-client-vm debian-work qubes.Clefsign";
    const { exit, out, err } = await inFolder(folder, line, world.binFolder("work"));
    expect({ exit, err }).toEqual({ exit: 0, err: "" });
    expect(JSON.parse(out)).toMatchObject({ id: 0, result: expect.stringMatching(/^0x/) });
  });

  test("cat newaccnt.json | curl -X POST -d @- http://localhost:8550", async () => {
    const qubes = await documented();
    const { port } = await qubes.dispatcher("work");
    // Port 8550 may be somebody's on this machine: a curl before ours says the other one.
    const bin = join(qubes.folder, "bin");
    mkdirSync(bin);
    const ours = `--connect-to localhost:8550:localhost:${port}`;
    writeFileSync(join(bin, "curl"), `#!/bin/sh\nexec /usr/bin/curl -s ${ours} "$@"\n`);
    chmodSync(join(bin, "curl"), 0o755);
    const line = "cat newaccnt.json | curl -X POST -d @- http://localhost:8550";
    const { out } = await inFolder(qubes.folder, line, bin);
    expect(JSON.parse(out)).toMatchObject({ id: 0, result: expect.stringMatching(/^0x/) });
  });
});
