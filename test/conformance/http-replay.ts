import { connect } from "node:net";
import { gunzipSync } from "node:zlib";
import { expect } from "vitest";
import type { Signer } from "../support/signer.ts";
import type { Divergence } from "./divergences.ts";
import { type GoldenCase, maskLines } from "./golden.ts";

const versionCall = '{"jsonrpc":"2.0","id":1,"method":"account_version","params":[]}';
const versionReply = '{"jsonrpc":"2.0","id":1,"result":"6.1.0"}\n';

/** What is compared of a response. */
interface Compared {
  readonly status: string;
  readonly type: string | undefined;
  readonly encoding: string | undefined;
  readonly nosniff: string | undefined;
  readonly body: string;
}

/**
 * Sends a case byte for byte and compares every response that comes.
 * A divergence answers with another status and text, or with a JSON-RPC error, and asks nothing.
 */
export async function replayHttp(
  recorded: GoldenCase,
  signer: Signer,
  divergence: Divergence | undefined,
): Promise<void> {
  const answers = recorded.ui.filter(({ dir }) => dir === "ui->clef").map(({ line }) => line);
  signer.window.answerer = () => JSON.parse(answers.shift() ?? "{}").result ?? {};
  const before = signer.window.messages.length;
  const responses = parseResponses(await send(signer, bytesOf(recorded, signer)));
  const asked = maskLines(signer.window.messages.slice(before).map(({ line }) => line));
  if (divergence === undefined) {
    expect(responses).toEqual(parseResponses(Buffer.from(recordingOf(recorded), "latin1")));
    const lines = recorded.ui.filter(({ dir }) => dir === "clef->ui").map(({ line }) => line);
    expect(asked).toEqual(maskLines(lines));
    return;
  }
  const { answer } = divergence;
  if (answer.kind !== "error") throw new Error("expected an error or a status in the row");
  const { code, message } = answer;
  const [{ status, body } = { status: "", body: "" }] = responses;
  if (code > 0) {
    const text = recorded.request.method === "HEAD" ? "" : message;
    expect([status.split(" ")[1], body.trimEnd()]).toEqual([String(code), text]);
  } else {
    expect(JSON.parse(body)).toMatchObject({ error: { code, message } });
  }
  expect([responses.length, asked]).toEqual([1, []]);
}

/** The recorded response on the wire. What was compressed wasn't kept: it is a version. */
function recordingOf({ response }: GoldenCase): string {
  const { status, headers, body } = response;
  const { "Content-Encoding": encoding, "Content-Length": length, ...others } = headers;
  const head = Object.entries(others).map(([name, value]) => `${name}: ${value}`);
  if (encoding !== undefined) {
    return [status, ...head, `X-Was: ${encoding}`, "", versionReply].join("\r\n");
  }
  // Of two responses the first one's length says where the second begins.
  const lines = length === undefined ? [] : [`Content-Length: ${length}`];
  return [status, ...head, ...lines, "", body].join("\r\n");
}

/** Takes responses apart: by their length, or to the end. */
function parseResponses(bytes: Buffer): Compared[] {
  const text = bytes.toString("latin1");
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return [];
  const [status = "", ...lines] = text.slice(0, end).split("\r\n");
  const header = (name: string) =>
    lines.find((line) => line.toLowerCase().startsWith(`${name}:`))?.slice(name.length + 2);
  const rest = bytes.subarray(end + 4);
  const isInterim = status.includes(" 100 ");
  const length = isInterim ? 0 : Number(header("content-length") ?? rest.length);
  const encoding = header("content-encoding") ?? header("x-was");
  const body = rest.subarray(0, length);
  const compared = {
    status,
    type: header("content-type"),
    encoding,
    nosniff: header("x-content-type-options"),
    body: (header("content-encoding") === "gzip" ? gunzipSync(body) : body).toString("latin1"),
  };
  return [compared, ...parseResponses(rest.subarray(length))];
}

/** The recorded request on the wire, with our port. */
function bytesOf({ name, request }: GoldenCase, { url }: Signer): string {
  const { port } = new URL(url);
  const { "Content-Length": _length, ...recorded } = request.headers;
  const headers = Object.fromEntries(
    Object.entries(recorded).map(([key, value]) => [key, value.replace(/:1855\d$/, `:${port}`)]),
  );
  const write = (more: Record<string, string>, body: string, leftOut = "") => {
    const lines = Object.entries({ ...headers, ...more })
      .filter(([key]) => key !== leftOut)
      .map(([key, value]) => `${key}: ${value}\r\n`);
    return `${request.method} ${request.path} HTTP/1.1\r\n${lines.join("")}\r\n${body}`;
  };
  const body = bodyOf(request.body);
  const length = { "Content-Length": String(Buffer.byteLength(body)) };
  const call = { "Content-Length": String(versionCall.length) };
  switch (name) {
    // What was sent is only described in these.
    case "host_missing_http11":
      return write(call, versionCall, "Host");
    case "keepalive_two_requests":
      return `${write({ ...call, Connection: "keep-alive" }, versionCall)}${write(call, versionCall)}`;
    case "expect_100":
      return write({ ...call, Expect: "100-continue" }, versionCall);
    case "body_5MiB_plus1_chunked": {
      const chunked = `${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n0\r\n\r\n`;
      return write({ "Transfer-Encoding": "chunked" }, chunked);
    }
    default:
      return write("Content-Length" in request.headers ? length : {}, body);
  }
}

/** A body as it was sent: long ones are described. */
function bodyOf(recorded: string): string {
  const padded = /^<(\d+) bytes, valid account_version request padded/.exec(recorded);
  if (padded !== null) {
    const [head, tail] = [versionCall.replace("}", ',"pad":"'), '"}'];
    return head + "x".repeat(Number(padded[1]) - head.length - tail.length) + tail;
  }
  const [, item, times] = /^\[(.*) x (\d+)\]$/.exec(recorded) ?? [];
  return item === undefined ? recorded : `[${Array(Number(times)).fill(item)}]`;
}

/** Sends bytes and returns everything that comes until the other side closes. */
function send({ url }: Signer, text: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect({ port: Number(new URL(url).port), host: "127.0.0.1" });
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("end", () => resolve(Buffer.concat(chunks))).on("error", reject);
    socket.write(Buffer.from(text, "latin1"));
  });
}
