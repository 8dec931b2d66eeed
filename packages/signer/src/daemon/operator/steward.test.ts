import { describe, expect, test } from "vitest";
import { Failure } from "../../domain/failure.ts";
import { addressOf, FakeLog, failure } from "../../domain/fakes.ts";
import type { Secret } from "../../domain/secret.ts";
import type { ActEntry } from "../../ledger/record.ts";
import { keyOf, sealedKey, secretOf, testKey } from "../../vault/fakes.ts";
import type { Keystore } from "../../vault/source/keystore.ts";
import type { Recording } from "../../vault/source/source.ts";
import { type Labels, parseLabel } from "./labels.ts";
import { Steward } from "./steward.ts";

const account = addressOf("a");
const file = { address: account, sealed: sealedKey() };
const isWiped = (secret: Secret) => secret.use((bytes) => bytes.length === 0);

/** A steward whose acts happen by `effect`, and the order of what happened. */
function setUp({
  effect = async () => undefined,
  record = async () => undefined,
}: {
  effect?: () => Promise<void>;
  record?: (entry: ActEntry) => Promise<void>;
}) {
  const events: string[] = [];
  const log = new FakeLog();
  const happen = async () => {
    events.push("effect");
    await effect();
  };
  const act = (recording: Recording) => recording(account, happen);
  const keystore = {
    create: (_: unknown, recording: Recording) => act(recording),
    import: (_: unknown, recording: Recording) => act(recording),
    importFile: (_: unknown, __: unknown, recording: Recording) => act(recording),
    export: (_: unknown, __: unknown, recording: Recording) => act(recording),
    changePassword: (_: unknown, __: unknown, recording: Recording) => act(recording),
  } as unknown as Keystore;
  const labels = { set: happen } as unknown as Labels;
  let count = 0;
  const steward = new Steward({
    keystore,
    labels,
    log,
    caller: "cli",
    randomUuid: () => `r${++count}`,
    record: async (entry) => {
      events.push(textOf(entry));
      await record(entry);
    },
  });
  return { steward, events, log };
}

function textOf(entry: ActEntry): string {
  if (entry.type === "done") return `done ${entry.request}`;
  const failed = entry.type === "refusal" ? ` ${entry.failure}` : "";
  return `${entry.type} ${entry.request} ${entry.caller} ${entry.method}${failed}`;
}

const passwords = () => ({ password: secretOf("old"), newPassword: secretOf("new") });

/** THE TABLE again, each act with the secrets that it takes over. */
const acts: readonly [string, () => readonly [Secret[], (steward: Steward) => Promise<unknown>]][] =
  [
    [
      "newaccount",
      () => {
        const password = secretOf("pw");
        return [[password], (steward) => steward.createAccount(password)];
      },
    ],
    [
      "importraw",
      () => {
        const secrets = { key: keyOf(testKey), password: secretOf("pw") };
        return [Object.values(secrets), (steward) => steward.importRawKey(secrets)];
      },
    ],
    [
      "account import",
      () => {
        const secrets = passwords();
        return [Object.values(secrets), (steward) => steward.importKeyFile(file, secrets)];
      },
    ],
    [
      "account export",
      () => {
        const secrets = passwords();
        const to = { account, file: "/copy", write: async () => undefined };
        return [Object.values(secrets), (steward) => steward.exportKeyFile(to, secrets)];
      },
    ],
    [
      "account passwd",
      () => {
        const secrets = passwords();
        return [Object.values(secrets), (steward) => steward.changePassword(account, secrets)];
      },
    ],
    ["account label", () => [[], (steward) => steward.setLabel(account, parseLabel("x"))]],
  ];

describe.each(acts)("Steward, %s", (method, prepare) => {
  test("the act is recorded, then it happens, and no secret is left", async () => {
    const { steward, events } = setUp({});
    const [secrets, act] = prepare();
    await act(steward);
    expect(events).toEqual([`act r1 cli ${method}`, "effect", "done r1"]);
    expect(secrets.every(isWiped)).toBe(true);
  });

  test("an act that can't be recorded doesn't happen, and no secret is left", async () => {
    const full = new Failure("ledger.unwritable", "the disk is full");
    const { steward, events } = setUp({ record: () => Promise.reject(full) });
    const [secrets, act] = prepare();
    await expect(act(steward)).rejects.toBe(full);
    expect(events).not.toContain("effect");
    expect(secrets.every(isWiped)).toBe(true);
  });

  test("an act that fails after its record is refused in the ledger as well", async () => {
    const effect = () => Promise.reject(new Failure("store.failed", "the disk is full"));
    const { steward, events } = setUp({ effect });
    const [secrets, act] = prepare();
    await expect(act(steward)).rejects.toMatchObject(failure("store.failed"));
    expect(events).toEqual([
      `act r1 cli ${method}`,
      "effect",
      `refusal r1 cli ${method} store.failed`,
    ]);
    expect(secrets.every(isWiped)).toBe(true);
  });
});

test("Steward tells the first failure also if the second record fails too", async () => {
  const { steward, log } = setUp({
    effect: () => Promise.reject(new Failure("store.failed", "the disk is full")),
    record: async ({ type }) => {
      if (type === "refusal") throw new Failure("ledger.unwritable", "the disk is full");
    },
  });
  const created = steward.createAccount(secretOf("pw"));
  await expect(created).rejects.toMatchObject(failure("store.failed"));
  expect(log.lines).toEqual(["error The end of an act could not be recorded"]);
});

test("Steward tells what was done also if its end can't be recorded", async () => {
  const { steward, log } = setUp({
    record: async ({ type }) => {
      if (type === "done") throw new Failure("ledger.unwritable", "the disk is full");
    },
  });
  await steward.setLabel(account, parseLabel("x"));
  expect(log.lines).toEqual(["error The end of an act could not be recorded"]);
});

test("Steward records the label and where a copy goes, and nothing secret", async () => {
  const entries: ActEntry[] = [];
  const { steward } = setUp({ record: async (entry) => void entries.push(entry) });
  await steward.setLabel(account, parseLabel("Savings"));
  const to = { account, file: "/usb/copy", write: async () => undefined };
  await steward.exportKeyFile(to, passwords());
  const asked = { type: "act", caller: "cli", account };
  const done = { type: "done" };
  expect(entries).toEqual([
    { ...asked, request: "r1", method: "account label", label: "Savings" },
    { ...done, request: "r1" },
    { ...asked, request: "r2", method: "account export", file: "/usb/copy" },
    { ...done, request: "r2" },
  ]);
});

test("Steward passes a bug on as it is", async () => {
  const bug = new Error("bug");
  const { steward, events } = setUp({ effect: () => Promise.reject(bug) });
  await expect(steward.createAccount(secretOf("pw"))).rejects.toBe(bug);
  expect(events).toEqual(["act r1 cli newaccount", "effect"]);
});
