import { describe, expect, test } from "vitest";
import { limits } from "../../domain/limits.ts";
import { answering, settle, world } from "./fakes.ts";

test("a signer that has too many calls is asked again in a moment", async () => {
  const { call, clock, signers } = world((signer, number) => {
    const busy = '{"jsonrpc":"2.0","id":null,"error":{"code":-32005,"message":"why"}}\n';
    if (number === 4) signer.greet();
    if (number === 4) answering(signer);
    else signer.output.write(busy);
  });
  const outcome = call();
  for (let tries = 0; tries < 3; tries++) {
    await settle();
    clock.pass(limits.backOffMsMax);
  }
  expect(await outcome).toMatchObject({ code: "signer.busy", status: 503, message: "why" });
  expect(signers).toHaveLength(3);
  expect(await call()).toContain("result");
});

test("a signer that doesn't let this qube in is told as that, and remembered like a no of dom0", async () => {
  const { call, signers } = world((signer) => {
    signer.output.write('{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"why"}}\n');
  });
  expect(await call()).toMatchObject({ code: "qrexec.refused", status: 403, message: "why" });
  expect(await call()).toMatchObject({ code: "qrexec.refused" });
  expect(signers).toHaveLength(1);
});

describe("what isn't a signer", () => {
  test.each([
    ["no JSON", "SSH-2.0\n"],
    ["another version", '{"clefq":2,"qube":"","profile":"","max":1,"inflight":1}\n'],
    ["no hello", '{"type":"ack","id":"00000000000000000000000000000001","state":"pending"}\n'],
    ["an unknown frame", '{"type":"sign"}\n'],
  ])("%s: the stream is cut and the caller told", async (_, text) => {
    const { call, signers } = world((signer) => void signer.output.write(text));
    expect(await call()).toMatchObject({ code: "qrexec.strange", status: 502 });
    expect(signers[0]?.isKilled).toBe(true);
  });

  test("an endless line: the stream is cut", async () => {
    const { call } = world((signer) => {
      signer.output.write(Buffer.alloc(limits.replyBytesMax + 1, "x"));
    });
    expect(await call()).toMatchObject({ code: "qrexec.strange" });
  });
});
