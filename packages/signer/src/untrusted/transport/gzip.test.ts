import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { limits } from "../../domain/limits.ts";
import { compressed } from "./gzip.ts";

const reply = '{"jsonrpc":"2.0","id":1,"result":"6.1.0"}\n';

test.each(["gzip", "deflate, gzip;q=0.5", "GZIP , br", "gzip;q=1"])(
  "compressed() compresses for a client that takes %s",
  (accepted) => {
    const { body, encoding } = compressed(reply, accepted);
    expect(encoding).toBe("gzip");
    expect(gunzipSync(body).toString()).toBe(reply);
  },
);

test.each([undefined, "", "br", "gzip;q=0", "gzip; q=0.00", "x-gzip", "gzipped"])(
  "compressed() leaves it as it is for a client that takes %s",
  (accepted) => {
    expect(compressed(reply, accepted)).toEqual({ body: reply, encoding: undefined });
  },
);

test.each([
  ["nothing", ""],
  ["what could not be parsed", reply.trimEnd()],
  ["a long reply", `${"x".repeat(limits.gzipCharsMax)}\n`],
])("compressed() leaves %s as it is", (_, text) => {
  expect(compressed(text, "gzip")).toEqual({ body: text, encoding: undefined });
});
