import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseJson } from "@cleft/protocol/json.ts";
import { describe, expect, test } from "vitest";
import { Failure } from "../../domain/failure.ts";
import { callerWith, FakeClock, FakeLog, settled } from "../../domain/fakes.ts";
import { limits } from "../../domain/limits.ts";
import { temporaryFolder } from "../../store/fakes.ts";
import { plainStore } from "../../store/plain.ts";
import { parseCall } from "../../untrusted/rpc/methods.ts";
import { AuditLog } from "./audit-log.ts";

const caller = callerWith({ userAgent: 'x" id=forged\n', host: "127.0.0.1:8550" });
const asking = { id: "r1", method: "account_list", caller, gone: new AbortController().signal };
const list = { method: "account_list" } as const;
const json = (value: unknown) => parseJson(JSON.stringify(value), limits.json);
const address = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const store = plainStore({ random: () => "r" });

/** An audit log on a disk that can be full. */
async function newLog() {
  const path = join(await temporaryFolder(), "audit.log");
  const log = new FakeLog();
  const disk = { full: false };
  const append: typeof store.append = async (...args) => {
    if (disk.full) throw new Failure("store.failed", "no space left on device");
    return store.append(...args);
  };
  const clock = new FakeClock();
  const auditLog = new AuditLog(path, { store: { ...store, append }, clock, log });
  const lines = async () => (await readFile(path, "utf8")).trimEnd().split("\n");
  return { auditLog, clock, disk, log, lines, path };
}

describe("AuditLog.around()", () => {
  test("around() logs what was asked of a Safe, of typed data and of a validator, in numbers and as spelled", async () => {
    const { auditLog, lines } = await newLog();
    const safeTx = { safe: address, to: address, value: "0x5", nonce: 7 };
    const typed = {
      types: { EIP712Domain: [{ name: "chainId", type: "uint256" }], T: [] },
      ...{ primaryType: "T", domain: { chainId: 5 }, message: {} },
    };
    const data = { address: `0x${"Bb".repeat(20)}`, message: "0x01" };
    const calls = [
      parseCall("account_signGnosisSafeTx", json([address, safeTx])),
      parseCall("account_signTypedData", json([address, typed])),
      parseCall("account_signData", json(["data/validator", address, data])),
    ];
    for (const call of calls) await auditLog.around(asking, call, async () => "0xab");
    await auditLog.close();
    const requests = (await lines()).filter((line) => line.includes("type=request"));
    expect(requests[0]).toMatch(/ msg=SignGnosisSafeTx .*\\"value\\":\\"5\\".*\\"nonce\\":7/);
    expect(requests[0]).toMatch(/ selector=<nil> id=r1$/);
    expect(requests[2]).toContain(
      `data="${JSON.stringify(data).replaceAll('"', '\\"')}" content-type=data/validator`,
    );
    expect(requests[1]).toMatch(/ msg=SignTypedData .*\\"value\\":\\"5 \(0x5\)\\"/);
  });

  test("around() logs a request and its answer under the request's id, as one line each", async () => {
    const { auditLog, lines, path } = await newLog();
    expect(await auditLog.around(asking, list, async () => [address])).toEqual([address]);
    await auditLog.close();
    const [first, request, response, ...more] = await lines();
    expect(first).toMatch(`msg=Configured api=signer "audit log"=${path}`);
    expect(request).toMatch(/ msg=List api=signer type=request metadata="{.*}" id=r1$/);
    expect(request).toContain('x\\\\\\" id=forged\\\\n');
    expect(response).toMatch(
      / msg=List api=signer type=response data=\[0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266\] id=r1$/,
    );
    expect(more).toEqual([]);
  });

  test("around() logs what a denied caller was told, and passes the failure on", async () => {
    const { auditLog, lines } = await newLog();
    const denied = new Failure("request.denied", "the operator's own words");
    await expect(auditLog.around(asking, list, () => Promise.reject(denied))).rejects.toBe(denied);
    await auditLog.close();
    expect((await lines()).at(-1)).toMatch(/ data=\[\] error="request denied" id=r1$/);
  });

  test("around() answers while the disk is full, warns once, and writes later what is missing", async () => {
    const { auditLog, clock, disk, log, lines } = await newLog();
    await auditLog.close();
    disk.full = true;
    for (let at = 0; at < 5; at++) await auditLog.around(asking, list, async () => []);
    await settled();
    clock.advance(limits.auditRetryMs);
    await auditLog.around(asking, list, async () => []);
    await settled();
    expect(log.lines).toEqual(["warn The audit log can't be written"]);
    disk.full = false;
    clock.advance(limits.auditRetryMs);
    await auditLog.close();
    expect(clock.waiting).toBe(0);
    expect(await lines()).toHaveLength(1 + 6 * 2);
    expect(log.lines).toHaveLength(2);
  });

  test("around() drops what is too much to hold, and says how much", async () => {
    const { auditLog, disk, lines } = await newLog();
    await auditLog.close();
    disk.full = true;
    const calls = Math.ceil(limits.auditHeldBytesMax / 300);
    for (let at = 0; at < calls; at++) await auditLog.around(asking, list, async () => []);
    disk.full = false;
    await auditLog.close();
    const written = await lines();
    const dropped = Number(/msg=Dropped api=signer lines=(\d+)$/.exec(written.at(-1) ?? "")?.[1]);
    expect(written.length - 2 + dropped).toBe(2 * calls);
  });

  test("around() does nothing for an empty path", async () => {
    const log = new FakeLog();
    const append = () => Promise.reject(new Error("it was told not to"));
    const off = new AuditLog("", { store: { ...store, append }, clock: new FakeClock(), log });
    expect(await off.around(asking, list, async () => [])).toEqual([]);
    await off.close();
    expect(log.lines).toEqual([]);
  });
});
