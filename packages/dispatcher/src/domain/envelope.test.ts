import { parseJson } from "@cleft/protocol/json.ts";
import { expect, test } from "vitest";
import { errorReplies, idsOf, toRpcError } from "./envelope.ts";
import { Failure } from "./failure.ts";
import { limits } from "./limits.ts";

const parse = (text: string) => parseJson(text, limits.json);

test.each([
  ['{"jsonrpc":"2.0","id":1,"method":"x"}', ["1"]],
  ['{"jsonrpc":"2.0","id":1.50,"method":"x"}', ["1.50"]],
  ['{"jsonrpc":"2.0","id":"a","method":"x"}', ['"a"']],
  ['{"jsonrpc":"2.0","id":null,"method":"x"}', ["null"]],
  ['{"jsonrpc":"2.0","method":"x"}', []],
  ['{"jsonrpc":"2.0","id":{},"method":"x"}', ["null"]],
  ['{"jsonrpc":"2.0","id":4}', ["4"]],
  ['{"jsonrpc":"2.0"}', ["null"]],
  ['{"id":5,"method":"x"}', ["5"]],
  ['{"method":"x"}', ["null"]],
  ['{"jsonrpc":"2.0","id":1,"result":1}', []],
  ['{"jsonrpc":"2.0","id":1,"error":{}}', []],
  ['{"jsonrpc":"2.0","id":1,"result":1,"method":"x"}', ["1"]],
  ["7", ["null"]],
  [`{"jsonrpc":"2.0","id":"${"x".repeat(200)}","method":"x"}`, ["null"]],
  ['[{"jsonrpc":"2.0","id":1,"method":"x"},{"jsonrpc":"2.0","method":"x"},7]', ["1", "null"]],
])("idsOf() knows who waits for a reply to %s", (text, ids) => {
  expect(idsOf(parse(text))).toEqual(ids);
});

const error = toRpcError(new Failure("qrexec.denied"));

test("errorReplies() says one error for each request, under its own id", () => {
  const single = parse('{"jsonrpc":"2.0","id":"a<","method":"x"}');
  expect(errorReplies(single, error)).toBe(
    `{"jsonrpc":"2.0","id":"a\\u003c","error":${JSON.stringify(error)}}`,
  );
  const batch = parse('[{"jsonrpc":"2.0","id":1,"method":"x"},{"jsonrpc":"2.0","method":"y"},7]');
  expect(JSON.parse(errorReplies(batch, error))).toMatchObject([{ id: 1 }, { id: null }]);
});

test("errorReplies() tells also who sent notifications only", () => {
  const notification = '{"jsonrpc":"2.0","method":"x"}';
  expect(JSON.parse(errorReplies(parse(notification), error))).toMatchObject({ id: null, error });
  expect(JSON.parse(errorReplies(parse(`[${notification}]`), error))).toMatchObject([{ id: null }]);
});

test("toRpcError() says what happened and what to do, never what only the operator may know", () => {
  const { code, message } = toRpcError(new Failure("qrexec.missing", "exit code 127: /home/user"));
  expect(code).toBe(-32000);
  expect(message).toMatch(/no such service \(install/);
  expect(message).not.toContain("/home/user");
});
