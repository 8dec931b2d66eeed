import { describe, expect, test } from "vitest";
import { failure, hungUp, settled } from "../domain/fakes.ts";
import { never, openChannel } from "./fakes.ts";

const prompt = { title: "t", prompt: "p", isPassword: false };
const result = (id: number, value: string) => `{"jsonrpc":"2.0","id":${id},"result":"${value}"}`;

/** A channel with questions of the numbers 1 to `count` open. */
function asking(count: number) {
  const parts = openChannel();
  const answers = Array.from({ length: count }, () =>
    parts.channel.request("ui_onInputRequired", prompt, never),
  );
  for (const answer of answers) answer.catch(() => undefined);
  return { ...parts, answers };
}

describe("Channel.request()", () => {
  test("request() writes one compact line with one parameter, as Go escapes it", () => {
    const { channel, lines } = openChannel();
    const asked = { ...prompt, title: "<a & b>\u2028\n" };
    channel.request("ui_onInputRequired", asked, never).catch(() => undefined);
    expect(lines).toEqual([
      '{"jsonrpc":"2.0","id":1,"method":"ui_onInputRequired","params":' +
        '[{"title":"\\u003ca \\u0026 b\\u003e\\u2028\\n","prompt":"p","isPassword":false}]}\n',
    ]);
  });

  test("request() and notify() share one counter from 1, but a notification has no id", () => {
    const { channel, said } = openChannel();
    channel.request("ui_onInputRequired", prompt, never).catch(() => undefined);
    channel.notify("ui_showInfo", { text: "x" });
    channel.request("ui_onInputRequired", prompt, never).catch(() => undefined);
    expect([said(0), said(2)]).toMatchObject([{ id: 1 }, { id: 3 }]);
    expect(said(1)).toEqual({ jsonrpc: "2.0", method: "ui_showInfo", params: [{ text: "x" }] });
  });

  const framings: readonly [string, readonly string[]][] = [
    ["a line each", [`${result(1, "a")}\n`, `${result(2, "b")}\n`]],
    ["two values on one line", [`${result(1, "a")}${result(2, "b")}`]],
    ["any order", [`${result(2, "b")}\n${result(1, "a")}\n`]],
    [
      "one value over many lines",
      [JSON.stringify(JSON.parse(result(1, "a")), null, 2), result(2, "b")],
    ],
    ["single bytes", [...`${result(1, "a")}\n${result(2, "b")}`]],
    ["a batch", [`[${result(2, "b")},${result(1, "a")}]`]],
  ];

  test.each(framings)("request() takes answers that come as %s", async (_, chunks) => {
    const { input, answers } = asking(2);
    for (const chunk of chunks) input.write(chunk);
    await expect(Promise.all(answers)).resolves.toEqual(["a", "b"]);
  });

  test.each([
    ["a word", "hello\n"],
    ["a text", '"hello"\n'],
    ["broken JSON", '{"id":1,"result":}\n'],
    ["a key twice", '{"id":1,"id":1,"result":"x"}\n'],
    ["no object in a batch", "[1,null]\n"],
    ["no UTF-8", Buffer.from('{"id":1,"result":"\xff"}\n', "latin1")],
    ["too deep nesting", `${"[".repeat(100)}${"]".repeat(100)}\n`],
  ])("request() survives %s from the window", async (_, line) => {
    const { input, answers, log, ends } = asking(1);
    input.write(line);
    input.write(`${result(1, "a")}\n`);
    await expect(answers[0]).resolves.toBe("a");
    expect(log.lines).toContain("warn Skipping what the window said");
    expect(ends.lost).toBe(0);
  });

  test.each([
    ["a text as id", '{"id":"1","result":"x"}'],
    ["no id", '{"result":"x"}'],
    ["a null id", '{"id":null,"result":"x"}'],
    ["another number", '{"id":2,"result":"x"}'],
    ["a number that only equals it", '{"id":1.0,"result":"x"}'],
  ])("request() ignores an answer with %s", async (_, line) => {
    const { input, answers } = asking(1);
    input.write(`${line}\n${result(1, "a")}\n`);
    await expect(answers[0]).resolves.toBe("a");
  });

  test("request() takes a first answer only", async () => {
    const { input, answers } = asking(1);
    input.write(`${result(1, "a")}\n${result(1, "b")}\n`);
    await expect(answers[0]).resolves.toBe("a");
  });

  test("request() takes an answer without result for null", async () => {
    const { input, answers } = asking(1);
    input.write('{"jsonrpc":"2.0","id":1}');
    await expect(answers[0]).resolves.toBeNull();
  });

  test("request() refuses an error, and keeps its words from the caller", async () => {
    const { input, answers } = asking(1);
    input.write('{"id":1,"result":"x","error":{"code":1,"message":"secret text"}}');
    await expect(answers[0]).rejects.toMatchObject(failure("window.answer", /^[^"]*an error$/));
  });

  test("request() takes an error of null for none, as Clef does", async () => {
    const { input, answers } = asking(1);
    input.write('{"jsonrpc":"2.0","id":1,"result":"a","error":null}');
    await expect(answers[0]).resolves.toBe("a");
  });

  test("request() doesn't take an answer after it was withdrawn", async () => {
    const { channel, input, log } = openChannel();
    const caller = new AbortController();
    let answered = false;
    const note = () => {
      answered = true;
    };
    channel.request("ui_onInputRequired", prompt, caller.signal).then(note, () => undefined);
    caller.abort(hungUp);
    input.write(`${result(1, "a")}\n`);
    await settled();
    expect(answered).toBe(false);
    expect(log.lines).toEqual(["debug The window answered a question that is not open"]);
  });
});

describe("Channel, lost", () => {
  test.each([
    ["the end", undefined],
    ["an error", new Error("EIO")],
  ])("request() fails with window.lost at %s of the input, and later at once", async (_, error) => {
    const { channel, input, answers, lines, ends } = asking(2);
    await settled();
    if (error === undefined) input.end();
    else input.destroy(error);
    for (const answer of answers) {
      await expect(answer).rejects.toMatchObject(failure("window.lost"));
    }
    const later = channel.request("ui_onInputRequired", prompt, never);
    await expect(later).rejects.toMatchObject(failure("window.lost"));
    channel.notify("ui_showInfo", { text: "x" });
    expect([lines.length, ends.lost]).toEqual([2, 1]);
  });

  test("request() takes an answer right before the end", async () => {
    const { input, answers } = asking(1);
    input.end(result(1, "a"));
    await expect(answers[0]).resolves.toBe("a");
  });
});

describe("Channel, asked by the window", () => {
  test.each([
    ["clef_listAccounts", "is not implemented yet"],
    ["clef_new", "is not implemented yet"],
    ["account_list", "does not exist/is not available"],
    ["account_signTransaction", "does not exist/is not available"],
    ["rpc_modules", "does not exist/is not available"],
    ["toString", "does not exist/is not available"],
  ])("Channel serves no %s", async (method, text) => {
    const { input, said } = openChannel();
    input.write(`${JSON.stringify({ jsonrpc: "2.0", id: 7, method, params: [] })}\n`);
    await settled();
    expect(said(0)).toEqual({
      jsonrpc: "2.0",
      id: 7,
      error: { code: -32601, message: `the method ${method} ${text}` },
    });
  });

  test.each(['"a\\u003cb"', "9007199254740993", "1.50", "null"])(
    "Channel answers with the very id %s",
    async (id) => {
      const { input, lines } = openChannel();
      input.write(`{"id":${id},"method":"clef_new"}`);
      await settled();
      expect(lines[0]).toContain(`"id":${id},"error"`);
    },
  );

  test("Channel doesn't answer a notification, and quotes no endless name", async () => {
    const { input, lines } = openChannel();
    input.write('{"jsonrpc":"2.0","method":"clef_new"}\n');
    input.write(`{"id":1,"method":"${"x".repeat(5000)}"}\n{"id":2,"method":{"a":1}}\n`);
    await settled();
    expect(lines).toHaveLength(2);
    expect(lines[0]?.length).toBeLessThan(250);
    expect(lines[1]).toContain("the method  does not exist");
  });

  test("Channel doesn't take a request of the window for an answer", async () => {
    const { input, answers } = asking(1);
    input.write(`{"id":1,"method":"clef_new","result":"x"}\n${result(1, "a")}\n`);
    await expect(answers[0]).resolves.toBe("a");
  });
});
