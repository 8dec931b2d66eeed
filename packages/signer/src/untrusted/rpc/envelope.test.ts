import { fitsReply } from "@cleft/protocol/clefq/encode.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Failure } from "../../domain/failure.ts";
import { limits } from "../../domain/limits.ts";
import { qrexec, stream } from "./dialect.ts";
import { answer, type Call } from "./envelope.ts";

const version = '{"jsonrpc":"2.0","id":1,"method":"account_version"}';
const ok = (id: string) => `{"jsonrpc":"2.0","id":${id},"result":"called"}`;
const failed = (id: string, code: number, message: string) =>
  `{"jsonrpc":"2.0","id":${id},"error":{"code":${code},"message":"${message}"}}`;
const invalid = (id = "null") => failed(id, -32600, "invalid request");

/** Answers a body, and records what was called and what was complained about. */
async function ask(
  body: string | Uint8Array,
  call: Call = async () => "called",
  more: Pick<Parameters<typeof answer>[1], "dialect"> = {},
) {
  const called: string[] = [];
  const complaints: string[] = [];
  const reply = await answer(typeof body === "string" ? new TextEncoder().encode(body) : body, {
    call: (request) => {
      called.push(request.method);
      return call(request);
    },
    ...more,
    complain: ({ code }, method) => complaints.push(`${code} ${method}`),
  });
  return { reply, called, complaints };
}

test.each(["1", "1.5", "-1", "1e400", "9007199254740993", '""', '"a\\"b"', '"\\ud800"', "null"])(
  "answer() echoes the id %s",
  async (id) => {
    const { reply } = await ask(`{"jsonrpc":"2.0","id":${id},"method":"account_version"}`);
    expect(reply).toBe(`${ok(id)}\n`);
  },
);

test.each(["{}", "[]", "[1]", "true", "false", `"${"x".repeat(127)}"`, "1".repeat(129)])(
  "answer() refuses the id %s and calls nothing",
  async (id) => {
    const { reply, called } = await ask(`{"jsonrpc":"2.0","id":${id},"method":"account_version"}`);
    expect(reply).toBe(`${invalid()}\n`);
    expect(called).toEqual([]);
  },
);

test("answer() lets others in between the requests of a batch, and the steps of a long one", async () => {
  const turnsOf = async (body: string) => {
    let [turns, isOver] = [0, false];
    const count = () => {
      turns++;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    await ask(body);
    isOver = true;
    return turns;
  };
  expect(await turnsOf(`[${Array(50).fill(version).join(",")}]`)).toBeGreaterThanOrEqual(100);
  expect(await turnsOf(`${version}${" ".repeat(limits.longBodyBytes)}`)).toBeGreaterThanOrEqual(2);
});

test.each([
  ["no version", '{"id":1,"method":"account_version"}'],
  ["version 1.0", '{"jsonrpc":"1.0","id":1,"method":"account_version"}'],
  ["a version that is a number", '{"jsonrpc":2.0,"id":1,"method":"account_version"}'],
  ["no method", '{"jsonrpc":"2.0","id":1}'],
  ["a method that is a list", '{"jsonrpc":"2.0","id":1,"method":["account_version"]}'],
  ["names in capitals", '{"JSONRPC":"2.0","id":1,"METHOD":"account_version"}'],
  ["everything in __proto__", `{"id":1,"__proto__":${version}}`],
])("answer() refuses an envelope with %s", async (_name, body) => {
  expect(await ask(body)).toMatchObject({ reply: `${invalid("1")}\n`, called: [] });
});

test.each(["1", '"text"', "null", "true"])("answer() refuses the body %s", async (body) => {
  expect((await ask(body)).reply).toBe(`${invalid()}\n`);
});

test.each([
  ["half a request", version.slice(0, -1), "parse error"],
  ["a second value", `${version}${version}`, "parse error"],
  ["a byte order mark", `\ufeff${version}`, "parse error"],
  ["a twin key", version.replace("}", ',"id":2}'), 'key \\"id\\" appears twice'],
  ["an escaped twin key", version.replace("}", ',"\\u0069d":2}'), 'key \\"id\\" appears twice'],
  ["deep nesting", "[".repeat(100_000), "expected at most 64 levels of nesting"],
])("answer() refuses a body with %s as a whole", async (_name, body, message) => {
  const { reply, called, complaints } = await ask(body);
  expect(reply).toBe(failed("null", -32700, message));
  expect(called).toEqual([]);
  expect(complaints).toHaveLength(1);
});

test("answer() refuses a body that is not UTF-8", async () => {
  const { reply } = await ask(Uint8Array.of(0x22, 0xff, 0x22));
  expect(reply).toBe(failed("null", -32700, "not valid UTF-8"));
});

test.each(["", " ", "\r\n\t "])("answer() says nothing to the blank body %j", async (body) => {
  expect(await ask(body)).toEqual({ reply: undefined, called: [], complaints: [] });
});

test("answer() runs a notification and says nothing, even when it fails", async () => {
  const notification = '{"jsonrpc":"2.0","method":"account_version"}';
  expect(await ask(notification)).toMatchObject({ reply: undefined, called: ["account_version"] });
  const deny = () => Promise.reject(new Failure("request.denied", "no"));
  expect(await ask(`[${notification}]`, deny)).toMatchObject({
    reply: undefined,
    complaints: ["request.denied account_version"],
  });
});

test("answer() runs a batch in its order, one after another, and answers each", async () => {
  let running = 0;
  const call: Call = async () => {
    expect(++running).toBe(1);
    await new Promise((done) => setImmediate(done));
    running--;
    return "called";
  };
  const second = '{"jsonrpc":"2.0","id":"b","method":"rpc_modules"}';
  const { reply, called } = await ask(`[${version},1,[${version}],${second}]`, call);
  expect(reply).toBe(`[${ok("1")},${invalid()},${invalid()},${ok('"b"')}]\n`);
  expect(called).toEqual(["account_version", "rpc_modules"]);
});

test("answer() takes the longest batch and refuses one more with its first id", async () => {
  const batch = (count: number) =>
    `[{},${Array(count - 1)
      .fill(version)
      .join(",")}]`;
  expect((await ask(batch(limits.batchMax))).called).toHaveLength(limits.batchMax - 1);
  const { reply, called } = await ask(batch(limits.batchMax + 1));
  expect(reply).toBe(`[${failed("1", -32600, "batch too large")}]`);
  expect(called).toEqual([]);
});

const askStream = (body: string) => ask(body, undefined, { dialect: stream });

test("answer() takes a longer batch from a stream, and ends every reply there with a newline", async () => {
  const batch = Array(limits.batchMax + 1).fill(version);
  expect((await askStream(`[${batch}]`)).called).toHaveLength(limits.batchMax + 1);
  expect((await askStream("[]")).reply).toBe(`${failed("null", -32600, "empty batch")}\n`);
  expect((await askStream("{,}")).reply).toBe(`${failed("null", -32700, "parse error")}\n`);
});

test.each([
  ['["x"]', -32601, 'no \\"x\\" subscription in account namespace'],
  ["[]", -32602, "expected subscription name as first argument"],
  ["{}", -32602, "non-array args"],
])("answer() has nothing to subscribe to with %s", async (params, code, message) => {
  const body = `{"jsonrpc":"2.0","id":1,"method":"account_subscribe","params":${params}}`;
  expect((await askStream(body)).reply).toBe(`${failed("1", code, message)}\n`);
  expect((await ask(body)).reply).toBe(`${failed("1", -32601, "notifications not supported")}\n`);
});

test.each([
  '{"jsonrpc":"2.0","id":1,"result":1}',
  '{"jsonrpc":"2.0","id":"a","error":{"code":1,"message":"x"}}',
])("answer() says nothing to the answer %s", async (body) => {
  expect(await ask(body)).toEqual({ reply: undefined, called: [], complaints: [] });
  expect((await ask(`[${body},${version}]`)).reply).toBe(`[${ok("1")}]\n`);
});

test("answer() runs no more of a batch once its replies are too long together", async () => {
  const call = async () => "x".repeat(limits.batchReplyCharsMax / 2);
  const { reply, called } = await ask(`[${version},${version},${version}]`, call);
  expect(called).toHaveLength(2);
  expect(reply?.endsWith(`,${failed("1", -32003, "response too large")}]\n`)).toBe(true);
});

test("answer() runs no more of a qube's batch once its replies hold too many values", async () => {
  const long = `[${Array(limits.qubeBatchReplyValuesMax / 2).fill("1")}]`;
  const batch = `[${Array(4).fill(version)}]`;
  const { reply, called } = await ask(batch, async () => JSON.parse(long), { dialect: qrexec });
  expect(called).toHaveLength(2);
  expect(fitsReply(reply ?? "")).toBe(true);
  expect(reply?.split("response too large")).toHaveLength(3);
  expect((await ask(batch, async () => JSON.parse(long))).called).toHaveLength(4);
});

test("answer() refuses an empty batch", async () => {
  expect((await ask("[]")).reply).toBe(failed("null", -32600, "empty batch"));
});

test("answer() tells a caller of a failure only what the table allows", async () => {
  const hidden = new Failure("store.refused", "/home/user", { cause: new Error("inner") });
  const { reply, complaints } = await ask(version, () => Promise.reject(hidden));
  expect(reply).toBe(`${failed("1", -32000, "internal error")}\n`);
  expect(complaints).toEqual(["store.refused account_version"]);
});

test("answer() lets a bug through instead of answering it", async () => {
  await expect(ask(version, () => Promise.reject(new TypeError("bug")))).rejects.toThrow("bug");
});

test("answer() gives JSON or nothing for any bytes", async () => {
  const body = fc.oneof(
    fc.uint8Array(),
    fc.json().map((text) => new TextEncoder().encode(text)),
  );
  await fc.assert(
    fc.asyncProperty(body, async (bytes) => {
      const { reply, called } = await ask(bytes);
      expect(called).toEqual([]);
      expect(() => JSON.parse(reply ?? "null")).not.toThrow();
    }),
  );
});
