import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { limits } from "../../packages/signer/src/domain/limits.ts";
import {
  byWork,
  callAtVault,
  hello,
  idOf,
  noClaims,
  type RawCall,
  rawCall,
  req,
  rpcOf,
} from "../support/hostile-qube.ts";
import { waitFor } from "../support/qrexec/calling.ts";
import type { Qubes } from "../support/qubes.ts";
import { request } from "../support/rpc.ts";
import { payment, sampleAccounts } from "../support/signer.ts";
import { start } from "./running.ts";

const version = rpcOf("account_version");
const sign = (fields: Record<string, unknown> = {}) =>
  rpcOf("account_signTransaction", [payment(fields)]);

/** What the signer takes of the memory, MiB. */
function memoryOf({ signer }: Qubes): number {
  const status = readFileSync(`/proc/${signer.child.pid}/status`, "utf8");
  return Number(/VmRSS:\s*(\d+) kB/.exec(status)?.[1]) / 1024;
}

/** What the window was asked to approve, and for whom. */
function askedFor({ signer }: Qubes): unknown[] {
  const asked = signer.window.messages.filter(({ method }) => method?.startsWith("ui_approve"));
  return asked.map(({ params }) => params[0]["meta"]);
}

/** An honest qube is served: once now, once with a signature. */
async function servesPersonal(qubes: Qubes, nonce = 0): Promise<void> {
  const personal = callAtVault(qubes, "qubes.Clefsign+ personal\0");
  personal.say(`${hello}${req(1, version)}${req(1000 + nonce, sign({ nonce: `0x${nonce}` }))}`);
  expect(await personal.answer(1)).toMatchObject({ rpc: { result: "6.1.0" } });
  const { rpc } = await personal.answer(1000 + nonce);
  expect(rpc).toMatchObject({ result: { raw: expect.stringMatching(/^0x02/) } });
  personal.socket.destroy();
}

describe("another qube's name", () => {
  test.each([
    ["as a second descriptor", `qubes.Clefsign+ personal\0${request("account_version")}`],
    ["as one before a stream", `qubes.Clefsign+ personal\0${hello}${req(1, version)}`],
    ["behind the request", `${request("account_version")}qubes.Clefsign+ personal\0`],
    ["behind the hello", `${hello}qubes.Clefsign+ personal\0\n${req(1, version)}`],
    ["in front of a zero", `\0${request("account_version")}`],
  ])("%s gets nothing", async (_, text) => {
    const qubes = await start();
    const call = rawCall(qubes, "work").end(text);
    await call.untilEnd();
    expect(call.said.filter(({ rpc }) => rpc?.result !== undefined)).toEqual([]);
    expect(call.out).not.toContain("personal");
    await servesPersonal(qubes);
    expect(askedFor(qubes)).toMatchObject([{ remote: "personal" }]);
  });

  test.each([
    ["qubes.Clefsign+ personal"],
    ["qubes.Clefsign personal"],
    ["qubes.Clefsign+personal"],
    ["qubes.Clefsign+\0 personal\0".replaceAll("\0", "\n")],
  ])("in the service's name, %j, gets nothing", async (service) => {
    const qubes = await start();
    const call = rawCall(qubes, "work", ["@default", service]).end(request("account_list"));
    await call.untilEnd();
    expect(call.out).not.toContain("result");
    expect(askedFor(qubes)).toEqual([]);
  });

  test("in every field that a dispatcher has is a claim, and dom0's word stands beside it", async () => {
    const qubes = await start();
    const name = "qube personal, says dom0";
    const claims = { origin: name, host: "personal", userAgent: "personal", remote: "personal" };
    const call = rawCall(qubes, "work").say('{"clefq":1,"client":"personal"}\n');
    call.say(req(1, sign(), { claims }));
    expect(await call.answer(1)).toMatchObject({ rpc: { result: expect.anything() } });
    expect(call.said[0]).toMatchObject({ qube: "work" });
    expect(askedFor(qubes)).toEqual([
      {
        ...{ remote: "work", local: "qubes.Clefsign", scheme: "qrexec" },
        ...{ "User-Agent": "personal", Origin: name },
      },
    ]);
  });

  test.each([
    ["a field of the frame", { qube: "personal" }],
    ["a claim that isn't known", { claims: { ...noClaims, qube: "personal" } }],
    ["a newline in a claim", { claims: { ...noClaims, origin: "x\nasked by  qube personal" } }],
    ["an escape sequence in a claim", { claims: { ...noClaims, userAgent: "\u001b[2Jpersonal" } }],
    ["text from right to left", { claims: { ...noClaims, host: "\u202elanosrep" } }],
    ["a zero in a claim", { claims: { ...noClaims, remote: "work\0personal" } }],
    ["a claim without an end", { claims: { ...noClaims, remote: "p".repeat(257) } }],
    ["a claim that is no text", { claims: { ...noClaims, remote: ["personal"] } }],
  ])("in %s is no frame, and asks nobody", async (_, more) => {
    const qubes = await start();
    const call = rawCall(qubes, "work").say(`${hello}${req(1, sign(), more)}${req(2, version)}`);
    expect(await call.answer(1)).toMatchObject({ err: { code: "bad_frame" } });
    expect(await call.answer(2)).toMatchObject({ rpc: { result: "6.1.0" } });
    expect(askedFor(qubes)).toEqual([]);
  });
});

describe("an id", () => {
  test("of another qube's request gives nothing of its answer, and disturbs it in no way", async () => {
    const qubes = await start();
    const personal = rawCall(qubes, "personal").say(`${hello}${req(7, sign())}`);
    const theirs = await personal.answer(7);
    const work = rawCall(qubes, "work").say(`${hello}${req(7, version)}`);
    expect(await work.answer(7)).toMatchObject({ rpc: { result: "6.1.0" } });
    // Nor may it be cancelled, or be used up for them.
    work.say(`{"type":"cancel","id":"${idOf(8)}"}\n${req(8, version)}`);
    await work.answer(8);
    personal.say(req(8, sign({ nonce: "0x1" })));
    expect(await personal.answer(8)).toMatchObject({ rpc: { result: expect.anything() } });
    const again = rawCall(qubes, "personal").say(`${hello}${req(7, sign())}`);
    expect(await again.answer(7)).toEqual(theirs);
    expect(askedFor(qubes)).toHaveLength(2);
  });

  test("that is used again asks once, also at the same time and over eight streams", async () => {
    const qubes = await start();
    const calls = Array.from({ length: limits.qubeCallsMax }, () =>
      callAtVault(qubes, `${byWork}${hello}${req(1, sign()).repeat(20)}`),
    );
    const answers = await Promise.all(calls.map((call) => call.answer(1)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(askedFor(qubes)).toHaveLength(1);
    calls[0]?.say(req(1, sign({ value: "0x2" })));
    await waitFor(
      () => calls[0]?.out.includes("bad_frame") === true,
      () => "a refusal",
    );
    expect(askedFor(qubes)).toHaveLength(1);
  });
});

const deep = (levels: number) => JSON.parse("[".repeat(levels) + "]".repeat(levels));
const batch = (count: number) => Array.from({ length: count }, () => version);

describe("a request that is none", () => {
  test.each([
    ["deeper than a request is", req(1, deep(64))],
    ["of 101 requests", req(1, batch(101))],
    ["of 1000 requests", req(1, batch(1000))],
    ["of as many values as may be", req(1, Array(limits.json.valuesMax - 1).fill(1))],
    ["of notifications", req(1, Array(100).fill({ jsonrpc: "2.0", method: "account_list" }))],
    ["that is no object", req(1, "account_list")],
    ["of a method that isn't for callers", req(1, rpcOf("ui_approveTx", [{}]))],
    ["of the operator's", req(1, rpcOf("unlock", [{}]))],
  ])("%s signs nothing and ends nothing", async (_, text) => {
    const qubes = await start({ signer: { answerer: () => undefined } });
    const call = rawCall(qubes, "work").say(`${hello}${text}${req(2, version)}`);
    expect(await call.answer(2)).toMatchObject({ rpc: { result: "6.1.0" } });
    const ofNotifications = text.includes('"rpc":[{"jsonrpc":"2.0","method"');
    if (!ofNotifications) expect(JSON.stringify(await call.answer(1))).toContain("error");
  });

  test.each([
    [
      "a level too deep",
      `${req(1, 0).replace('"rpc":0', `"rpc":${"[".repeat(70)}${"]".repeat(70)}`)}`,
    ],
    ["a key twice", req(1, version).replace('"claims"', '"rpc":{},"claims"')],
    ["two ids", req(1, version).replace('"rpc"', `"id":"${idOf(2)}","rpc"`)],
    ["another version's hello", '{"clefq":2,"client":"x"}\n'],
    ["a hello again", hello],
    ["a signer's frame", `{"type":"res","id":"${idOf(1)}","rpc":{}}\n`],
    ["zeros", "\0".repeat(100_000)],
    ["bytes that are no UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d, 0x0a])],
    ["a million brackets", "[".repeat(1_000_000)],
    ["a frame beyond all bounds", `{"x":"${"x".repeat(6_000_000)}`],
  ])("%s ends its stream, and nothing else", async (_, text) => {
    const qubes = await start();
    const call = callAtVault(qubes, `${byWork}${hello}`).say(text);
    if (text === "[".repeat(1_000_000)) call.end();
    else call.say(`\n${req(3, sign())}`);
    await call.untilEnd();
    expect(askedFor(qubes)).toEqual([]);
    expect(call.said.filter(({ rpc }) => rpc !== undefined)).toEqual([]);
    await servesPersonal(qubes);
  });
});

/** Everything that a qube can hold open without completing or reading anything. */
function siege(qubes: Qubes): RawCall[] {
  const half = `{"type":"req","id":"${idOf(1)}","rpc":"${"x".repeat(5 * 1024 * 1024 - 100)}`;
  const halves = Array.from({ length: limits.qubeCallsMax }, () =>
    callAtVault(qubes, `${byWork}${hello}${half}`),
  );
  return [
    ...halves,
    ...Array.from({ length: 128 }, (_, at) =>
      callAtVault(qubes, at % 2 === 0 ? `${byWork}{` : byWork),
    ),
  ];
}

describe("a flood", () => {
  test("of half frames and connections: bounded memory, and others are served", async () => {
    const qubes = await start();
    await servesPersonal(qubes);
    const before = memoryOf(qubes);
    const { call, post } = await qubes.dispatcher("personal");
    for (let round = 1; round <= 3; round++) {
      siege(qubes);
      await servesPersonal(qubes, round);
      expect(await call("account_version")).toMatchObject({ result: "6.1.0" });
      expect((await post(request("account_list"))).status).toBe(200);
    }
    expect(memoryOf(qubes) - before).toBeLessThan(150);
  });

  test("of 10,000 requests on eight streams: bounded memory, and others are served", async () => {
    const qubes = await start({ signer: { answerer: () => undefined } });
    const { call } = await qubes.dispatcher("personal");
    await call("account_version");
    const before = memoryOf(qubes);
    const kinds = [version, rpcOf("account_list"), sign(), rpcOf("account_new"), {}, batch(3)];
    const streams = Array.from({ length: limits.qubeCallsMax }, () =>
      callAtVault(qubes, `${byWork}${hello}`),
    );
    for (let number = 0; number < 10_000; number++) {
      const text = req(number, kinds[number % kinds.length]);
      streams[number % streams.length]?.say(text);
      // Withdrawn a little later, so that the next one comes in.
      const old = `{"type":"cancel","id":"${idOf(number - 64)}"}\n`;
      if (number >= 64) streams[number % streams.length]?.say(old);
    }
    for (let asked = 0; asked < 20; asked++) {
      expect(await call("account_version")).toMatchObject({ result: "6.1.0" });
    }
    for (const [at, stream] of streams.entries()) {
      for (let number = 10_000 - 64; number < 10_000; number++) {
        if (number % streams.length !== at) continue;
        stream.say(`{"type":"cancel","id":"${idOf(number)}"}\n`);
      }
    }
    await Promise.all(streams.map((stream, at) => stream.answer(10_000 - streams.length + at)));
    expect(memoryOf(qubes) - before).toBeLessThan(150);
    expect(qubes.signer.child.exitCode).toBeNull();
  });

  test.each([
    ["pings", '{"type":"ping"}\n'],
    ["requests", "req"],
    ["requests that no one can answer", "bad"],
    ["cancels", `{"type":"cancel","id":"${idOf(1)}"}\n`],
  ])("of %s by one who never reads stops where it is, and others are served", async (_, kind) => {
    const qubes = await start();
    const { call } = await qubes.dispatcher("personal");
    await call("account_version");
    const before = memoryOf(qubes);
    const deaf = callAtVault(qubes, `${byWork}${hello}`);
    deaf.socket.pause();
    let number = 0;
    for (let sent = 0; sent < 20_000; sent++) {
      if (kind === "req") deaf.say(req(number++, version));
      else if (kind === "bad") deaf.say(req(number++, version, { qube: "x" }));
      else deaf.say(kind);
    }
    for (let asked = 0; asked < 10; asked++) {
      expect(await call("account_version")).toMatchObject({ result: "6.1.0" });
    }
    expect(memoryOf(qubes) - before).toBeLessThan(150);
  });

  test("of calls that trickle keeps their places busy, and no one else's", async () => {
    const qubes = await start();
    const slow = Array.from({ length: limits.qubeCallsMax }, () => rawCall(qubes, "work").say("{"));
    const last = rawCall(qubes, "work").say("{");
    await waitFor(
      () => [...slow, last].some(({ out }) => out.includes("too many calls")),
      () => "a refusal",
    );
    for (const call of slow) call.say(" ");
    const { call } = await qubes.dispatcher("personal");
    expect(await call("account_version")).toMatchObject({ result: "6.1.0" });
    await servesPersonal(qubes);
  });
});

describe("an account", () => {
  const toml = `[qube.work]\naccounts = ["${sampleAccounts[1]}"]`;
  const nobody = `0x${"12".repeat(20)}`;

  test("that a qube may not see is answered like one that doesn't exist, in time too", async () => {
    const qubes = await start({ toml });
    const call = callAtVault(qubes, `${byWork}${hello}`);
    const times: { [account: string]: number[] } = { [sampleAccounts[0]]: [], [nobody]: [] };
    const answers = new Set<string>();
    for (let number = 0; number < 400; number++) {
      const from = number % 2 === 0 ? sampleAccounts[0] : nobody;
      const asked =
        number % 4 < 2 ? sign({ from }) : rpcOf("account_signData", ["text/plain", from, "0x00"]);
      const began = performance.now();
      call.say(req(number, asked));
      answers.add(JSON.stringify((await once(call, number)).rpc));
      times[from]?.push(performance.now() - began);
    }
    expect([...answers]).toEqual([expect.stringContaining("unknown account")]);
    const [invisible = 0, unknown = 0] = Object.values(times).map(median);
    expect(invisible / unknown).toBeGreaterThan(1 / 3);
    expect(invisible / unknown).toBeLessThan(3);
    expect(askedFor(qubes)).toEqual([]);
    // The same words to the operator, who is told which it was.
    expect(qubes.signer.log()).toContain("may not see");
  });
});

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** The answer to a request, looked for as often as the loop turns: nothing is measured but it. */
async function once(call: RawCall, number: number) {
  const isThere = () => call.out.includes(`"res","id":"${idOf(number)}"`);
  while (!isThere()) await new Promise((resolve) => setImmediate(resolve));
  return call.answer(number);
}
