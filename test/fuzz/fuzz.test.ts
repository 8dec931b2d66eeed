import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommand } from "../support/command.ts";
import { root } from "../support/shared.ts";
import { makeHome, type Signer, samplePassword, startSigner } from "../support/signer.ts";
import { approveAll } from "../support/stdio-window.ts";
import { damaged, damagedBytes } from "./damage.ts";
import { calls } from "./messages.ts";
import { type Draw, Raw, type Tree, treeOf, write } from "./tree.ts";
import { chance, count, junk, pick } from "./values.ts";

// The real program is asked random things for a while: it always answers, nothing ends it, and no
// request holds its main thread for long, because everybody else waits meanwhile.

const isSlow = process.env["CLEFT_TESTS"] === "slow";
const timeMs = isSlow ? 600_000 : 60_000;
/** What one request may hold the main thread, ms. */
const heldMaxMs = 50;
/** A machine hiccups, so only what holds it each of so many times counts. */
const triesMax = 5;

let signer: Signer;
let heldSocket: Socket;

beforeAll(async () => {
  const home = makeHome({ sample: true });
  const socketPath = join(home.folder, "held");
  const preload = `${pathToFileURL(`${root}test/fuzz/held.mjs`)}?socket=${socketPath}`;
  signer = await startSigner({ home, preload, args: ["--advanced"] });
  heldSocket = connect(socketPath).setEncoding("utf8");
});

afterAll(async () => {
  heldSocket?.destroy();
  await signer?.stop();
  signer?.home.remove();
});

/** How long the main thread was held at most since the last question, ms. */
function held(): Promise<number> {
  return new Promise((resolve) => {
    heldSocket.once("data", (text) => resolve(Number(text)));
    heldSocket.write("?");
  });
}

type Answers = "no" | "yes" | "change" | "nonsense";

/** A window that says the same to everything. */
function answering(kind: Answers) {
  const yes = approveAll(samplePassword);
  return (message: Parameters<typeof yes>[0]) => {
    const answer = yes(message);
    if (kind === "yes" || answer === undefined) return answer;
    if (kind === "no") return { approved: false };
    if (kind === "nonsense") return { approved: "x", transaction: [message.params], accounts: 1 };
    const [{ transaction }] = message.params as [{ transaction?: object }];
    return transaction === undefined
      ? answer
      : { approved: true, transaction: changed(transaction) };
  };
}

function changed(transaction: object): object {
  return { ...transaction, gas: "0xffff", value: "0x0", maxPriorityFeePerGas: "0x1" };
}

interface Drawn {
  readonly kind: string;
  readonly body: Buffer;
  readonly answers: Answers;
}

/** A body: right, or wrong in one of many ways. */
function draw(g: Draw): Drawn {
  const kind = pick(g, ...Object.keys(calls));
  const [method, params] = calls[kind]?.(g) ?? ["", []];
  const enveloped = (sent: unknown) => treeOf({ jsonrpc: "2.0", id: 1, method, params: sent });
  const answers = pick<Answers>(g, "no", "no", "no", "no", "yes", "change", "nonsense");
  const drawn = (body: string | Buffer, of = kind) => ({
    kind: of,
    answers,
    body: Buffer.from(body),
  });
  switch (count(g, 9)) {
    case 0:
    case 1:
    case 2:
      return drawn(write(enveloped(damaged(g, treeOf(params)))));
    case 3:
      return drawn(damagedBytes(g, write(enveloped(params))), "damaged bytes");
    case 4:
      return drawn(write(someEnvelope(g, enveloped(params))), "envelope");
    default:
      return drawn(write(enveloped(params)));
  }
}

function someEnvelope(g: Draw, envelope: Tree): Tree {
  const version = treeOf({ jsonrpc: "2.0", id: 1, method: "account_version" });
  switch (count(g, 6)) {
    case 0:
      return Array.from({ length: count(g, chance(g, 20) ? 1200 : 20) }, () => version);
    case 1:
      return [envelope, damaged(g, version), junk(g), envelope];
    case 2:
      return Array.from({ length: count(g, chance(g, 20) ? 200 : 5) }, () => envelope);
    case 3:
      return junk(g);
    case 4:
      // As large as a body may be, and one byte more.
      return chance(g, 5) ? new Raw(`"${"x".repeat(5 * 1024 * 1024 - 2 + count(g, 1))}"`) : junk(g);
    default:
      return damaged(g, envelope);
  }
}

/** What a caller may be told; `internal` would be a bug. */
const codes = new Set([-32700, -32600, -32601, -32602, -32000, -32003, -32005]);

function checkReply(text: string): void {
  if (text === "") return;
  const whole: unknown = JSON.parse(text);
  const replies = Array.isArray(whole) ? whole : [whole];
  for (const { jsonrpc, id, error, ...rest } of replies) {
    expect(jsonrpc).toBe("2.0");
    expect(id).not.toBeUndefined();
    expect(error !== undefined).not.toBe("result" in rest);
    if (error === undefined) continue;
    expect(codes).toContain(error.code);
    expect(error.message).not.toMatch(/^internal error/);
  }
}

async function post(body: Buffer): Promise<{ status: number; text: string }> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(signer.url, { method: "POST", headers, body: new Uint8Array(body) });
  return { status: response.status, text: await response.text() };
}

/** How long it held the main thread, ms: the least of all tries if the first one was too long. */
async function heldBy(body: Buffer): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < triesMax && least > heldMaxMs; tries++) {
    await held();
    const { status, text } = await post(body);
    least = Math.min(least, await held());
    expect([200, 400, 413]).toContain(status);
    if (status === 200) checkReply(text);
  }
  return least;
}

/** Of each kind: how many were sent, how many came to the window, and the longest hold, ms. */
class Tally {
  private readonly rows = new Map<string, { sent: number; asked: number; heldMs: number }>();

  add(kind: string, wasAsked: boolean, heldMs: number): void {
    const { sent, asked, heldMs: most } = this.rows.get(kind) ?? { sent: 0, asked: 0, heldMs: 0 };
    const row = { sent: sent + 1, asked: asked + Number(wasAsked), heldMs: Math.max(most, heldMs) };
    this.rows.set(kind, row);
  }

  get lines(): string[] {
    return [...this.rows].map(
      ([kind, { sent, asked, heldMs }]) =>
        `fuzz ${kind}: ${sent} sent, ${asked} asked about, main thread held ${heldMs.toFixed(1)} ms at most`,
    );
  }
}

test(
  "whatever is asked is answered, and no request holds the main thread for long",
  async () => {
    const tally = new Tally();
    const property = fc.asyncProperty(fc.gen(), async (g) => {
      const { kind, body, answers } = draw(g);
      signer.window.answerer = answering(answers);
      const before = signer.window.messages.length;
      const heldMs = await heldBy(body);
      const asked = signer.window.messages.slice(before);
      signer.window.messages.length = 0;
      tally.add(
        kind,
        asked.some(({ method }) => method?.startsWith("ui_approve")),
        heldMs,
      );
      expect(signer.child.exitCode).toBeNull();
      if (heldMs <= heldMaxMs) return;
      const start = body.toString("utf8", 0, 400);
      throw new Error(
        `${body.length} bytes held the main thread ${heldMs.toFixed(0)} ms: ${start}`,
      );
    });
    const endless = { numRuns: 1_000_000_000, markInterruptAsFailure: false };
    try {
      await fc.assert(property, { ...endless, interruptAfterTimeLimit: timeMs });
    } finally {
      console.log(tally.lines.join("\n"));
    }
    expect(await signer.call("account_version")).toMatchObject({ result: "6.1.0" });
    expect(await signer.stop()).toBe(0);
    const { keystore, configDir } = signer.home;
    const verify = ["--keystore", keystore, "--configdir", configDir, "audit", "verify"];
    expect(runCommand(verify)).toMatchObject({ exit: 0 });
  },
  2 * timeMs,
);
