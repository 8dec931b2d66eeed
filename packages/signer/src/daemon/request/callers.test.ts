import { describe, expect, it } from "vitest";
import type { Caller } from "../../domain/caller.ts";
import { type CallerRule, openRule } from "../../domain/caller-rule.ts";
import { addressOf, callerWith, FakeClock, failure } from "../../domain/fakes.ts";
import { limits } from "../../domain/limits.ts";
import { Callers } from "./callers.ts";

const work: Caller = {
  identity: { kind: "qube", service: "qubes.Clefsign", profile: "", qube: "work" },
  claims: { remote: "", host: "", origin: "", userAgent: "" },
};
const personal: Caller = {
  ...work,
  identity: { kind: "qube", service: "qubes.Clefsign", profile: "", qube: "personal" },
};

function setUp(rule: Partial<CallerRule> = {}) {
  const clock = new FakeClock();
  const rules = new Map([["work", { ...openRule, ...rule }]]);
  return { clock, callers: new Callers({ rules, clock }) };
}

const thrown = (act: () => void) => {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe("Callers.checkAccount()", () => {
  it("refuses an account that may not be seen like one that doesn't exist", () => {
    const { callers } = setUp({ accounts: new Set([addressOf("1")]) });
    callers.checkAccount(work, addressOf("1"));
    const refused = thrown(() => callers.checkAccount(work, addressOf("2")));
    expect(refused).toMatchObject(failure("account.unknown"));
    callers.checkAccount(personal, addressOf("2"));
    callers.checkAccount(callerWith(), addressOf("2"));
  });

  it("refuses everything of a qube that is denied", () => {
    const { callers } = setUp({ decision: "deny" });
    const denied = failure("caller.denied");
    expect(thrown(() => callers.checkAccount(work, addressOf("1")))).toMatchObject(denied);
    expect(thrown(() => callers.check(work))).toMatchObject(denied);
    expect(thrown(() => callers.seen(work, []))).toMatchObject(denied);
    expect(thrown(() => callers.question(work, "x", "person"))).toMatchObject(denied);
    callers.question(personal, "x", "person");
  });
});

describe("Callers.seen()", () => {
  it("gives the accounts that may be seen", () => {
    const { callers } = setUp({ accounts: new Set([addressOf("1")]) });
    const accounts = [addressOf("1"), addressOf("2")].map((address) => ({ address, url: "" }));
    expect(callers.seen(work, accounts)).toEqual([accounts[0]]);
    expect(callers.seen(personal, accounts)).toEqual(accounts);
  });
});

describe("Callers.told()", () => {
  it("leaves out what a window chose and the caller may not see", () => {
    const { callers } = setUp({ accounts: new Set([addressOf("1")]) });
    const chosen = [addressOf("2"), addressOf("1")];
    expect(callers.told(work, chosen)).toEqual([addressOf("1")]);
    expect(callers.told(personal, chosen)).toEqual(chosen);
  });
});

describe("Callers.question()", () => {
  it("refuses what comes more often than the rate, each caller by itself, until time has passed", () => {
    const { callers, clock } = setUp({ rate: { count: 2, perMs: 60_000 } });
    callers.question(work, "1", "person");
    clock.advance(30_000);
    callers.question(work, "2", "person");
    const often = () => thrown(() => callers.question(work, "3", "person"));
    expect(often()).toMatchObject(failure("rate.exceeded", "2/m"));
    callers.question(personal, "3", "person");
    // Time of day is no time that has passed.
    clock.set(3_600_000);
    expect(often()).toMatchObject(failure("rate.exceeded"));
    clock.set(-7_200_000);
    clock.advance(29_999);
    expect(often()).toMatchObject(failure("rate.exceeded"));
    clock.advance(1);
    expect(often()).toBeUndefined();
  });

  it("bounds what nobody bounded", () => {
    const { callers } = setUp();
    for (let at = 0; at < limits.qubeRate.count; at++) callers.question(work, `${at}`, "person");
    expect(thrown(() => callers.question(work, "x", "person"))).toMatchObject(
      failure("rate.exceeded"),
    );
  });

  it("lets a program, and callers that nobody can name, ask as often as they like", () => {
    const { callers } = setUp({ rate: { count: 1, perMs: 1_000 } });
    for (let at = 0; at < 5; at++) callers.question(work, "1", "program");
    for (let at = 0; at < 5; at++) callers.question(callerWith(), "1", "person");
  });

  it("refuses for a while what a person refused, and nothing else", () => {
    const { callers, clock } = setUp();
    callers.refused(work, "tx", "person");
    const again = () => thrown(() => callers.question(work, "tx", "person"));
    expect(again()).toMatchObject(failure("request.denied", "a moment ago"));
    callers.question(work, "another", "person");
    callers.question(personal, "tx", "person");
    clock.advance(limits.noRememberedMs);
    expect(again()).toBeUndefined();
  });
});

describe("Callers.blobWork()", () => {
  it("counts beside the questions", () => {
    const { callers } = setUp({ rate: { count: 1, perMs: 60_000 } });
    callers.question(work, "1", "person");
    callers.blobWork(work, "person");
    const failed = thrown(() => callers.blobWork(work, "program"));
    expect(failed).toMatchObject(failure("rate.exceeded"));
  });

  it("bounds what nobody bounded only where a person is asked", () => {
    const { callers } = setUp();
    for (let at = 0; at <= limits.qubeRate.count; at++) callers.blobWork(work, "program");
    for (let at = 0; at <= limits.qubeRate.count; at++) callers.blobWork(callerWith(), "person");
    for (let at = 0; at < limits.qubeRate.count; at++) callers.blobWork(personal, "person");
    expect(thrown(() => callers.blobWork(personal, "person"))).toMatchObject(
      failure("rate.exceeded"),
    );
  });
});

describe("Callers.derivation()", () => {
  it("counts for a program where a rate is written down", () => {
    const said = setUp({ rate: { count: 1, perMs: 1_000 } });
    said.callers.derivation(work, "program");
    expect(thrown(() => said.callers.derivation(work, "program"))).toMatchObject(
      failure("rate.exceeded"),
    );
    const unsaid = setUp();
    for (let at = 0; at < 5; at++) unsaid.callers.derivation(work, "program");
  });
});
