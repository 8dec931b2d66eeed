import fc from "fast-check";
import { expect, test } from "vitest";
import { zeroAddress } from "../domain/address.ts";
import { addressOf, findingsFor } from "../domain/fakes.ts";
import type { Finding, FindingsMode, Severity } from "../domain/finding.ts";
import { type ChainId, parseChainId, parseUint64, type Uint64 } from "../domain/quantity.ts";
import { type Case, chainOf, judge } from "./judge.ts";

function chain(id: bigint): ChainId {
  const parsed = parseChainId(id);
  if (parsed === undefined) throw new Error("no chain");
  return parsed;
}

function nonceOf(text: string): Uint64 {
  const parsed = parseUint64(text);
  if (parsed === undefined) throw new Error("no nonce");
  return parsed;
}

/** Nothing dangerous is permitted. */
const closed = { delegates: [], permits: [] };

const channel = "loopback";

/** Judges for chain 1 and says the verdict in one line. */
function judged(
  findings: readonly Finding[],
  chainId: Case["chainId"],
  mode: FindingsMode = "reject",
): string {
  const modes = findingsFor(mode);
  const settings = { chainId: chain(1n), chains: [chain(1n)], ...closed, findings: modes };
  const verdict = judge({ channel, findings, chainId }, settings);
  if (verdict.verdict === "ask") return "ask";
  return `${verdict.failure.code} ${verdict.failure.message}`;
}

const clef = (severity: Severity, message = ""): Finding => ({ severity, message, source: "clef" });
const cleft = (severity: Severity): Finding => ({ severity, message: "own", source: "cleft" });

test.each([
  ["nothing", []],
  ["Clef's information", [clef("info")]],
  ["findings of Cleft's own", [cleft("info"), cleft("warning"), cleft("critical")]],
])("judge() asks about a request with %s", (_name, findings) => {
  expect(judged(findings, 1n)).toBe("ask");
});

test.each(["warning", "critical"] as const)("judge() rejects by a %s of Clef's", (severity) => {
  expect(judged([clef(severity, "why")], 1n)).toBe("transaction.refused validation failed: why");
});

test("judge() joins the rejecting messages as Clef does and leaves the rest out", () => {
  const findings = [
    ...[clef("warning", "first, one"), clef("info", "known")],
    ...[cleft("critical"), clef("critical", "second")],
  ];
  expect(judged(findings, 1n)).toBe("transaction.refused validation failed: first, one,second");
});

test("judge() leaves every finding to a person where they are shown", () => {
  expect(judged([clef("critical"), clef("warning"), cleft("critical")], 1n, "show")).toBe("ask");
});

test.each([
  ["loopback", "http"],
  ["socket", "ipc"],
  ["qube", "qrexec"],
] as const)("judge() looks at the mode of the way in: %s", (channel, listener) => {
  const base = { chainId: chain(1n), chains: [chain(1n)], ...closed };
  const findings = [clef("warning", "why")];
  const rejecting = { ...findingsFor("show"), [channel]: "reject" as const };
  const verdict = judge({ channel, findings, chainId: 1n }, { ...base, findings: rejecting });
  expect(verdict).toMatchObject({
    verdict: "reject",
    failure: { hint: expect.stringContaining(`${listener}.findings = "show"`) },
  });
  const showing = { ...findingsFor("reject"), [channel]: "show" as const };
  expect(judge({ channel, findings, chainId: 1n }, { ...base, findings: showing }).verdict).toBe(
    "ask",
  );
});

test.each(["reject", "show"] as const)("judge() rejects another chain in mode %s", (mode) => {
  for (const chainId of [0n, 5n, 2n ** 53n + 1n, 2n ** 64n + 1n]) {
    expect(judged([], chainId, mode)).toBe(
      `chain.wrong requested chainid ${chainId} does not match the configuration of the signer`,
    );
  }
});

test("judge() takes an absent chain for the configured one", () => {
  expect(judged([], undefined)).toBe("ask");
});

test("judge() names Clef's findings before the wrong chain", () => {
  expect(judged([clef("warning", "why")], 5n)).toContain("validation failed: why");
});

test("judge() and chainOf() let a request have the chain that it names or the default, no other", () => {
  const id = fc.bigInt({ min: 1n, max: 6n }).map(chain);
  const listed = fc.uniqueArray(id, { minLength: 1 });
  const asked = fc.option(fc.bigInt({ min: 0n, max: 7n }), { nil: undefined });
  const mode = fc.constantFrom(findingsFor("reject"), findingsFor("show"));
  fc.assert(
    fc.property(listed, fc.nat(), asked, mode, (chains, at, chainId, findings) => {
      const settings = {
        chainId: chains[at % chains.length] ?? chain(1n),
        chains,
        findings,
        ...closed,
      };
      const read = chainOf(chainId, settings);
      expect(chains).toContain(read);
      const { verdict } = judge({ channel, findings: [], chainId }, settings);
      const may = chainId === undefined || chains.some((one) => one === chainId);
      expect(verdict).toBe(may ? "ask" : "reject");
      if (may) expect(read).toBe(chainId ?? settings.chainId);
    }),
  );
});

const delegate = addressOf("d");

test.each([
  ["an unlisted delegate", 1n, {}, "is not among this signer's delegates"],
  ["a listed delegate", 1n, { delegates: [delegate] }, "ask"],
  ["a permitted one", 1n, { permits: ["authorization-any-delegate"] }, "ask"],
  ["chain 0", 0n, { delegates: [delegate] }, "would count on every chain"],
  ["chain 0 and every delegate", 0n, { permits: ["authorization-any-delegate"] }, "every chain"],
  [
    "chain 0, permitted",
    0n,
    { permits: ["authorization-any-chain"], delegates: [delegate] },
    "ask",
  ],
  ["every chain, but no delegate", 0n, { permits: ["authorization-any-chain"] }, "delegates"],
] as const)("judge() decides on an authorization with %s", (_name, chainId, lists, expected) => {
  const settings = { chainId: chain(1n), chains: [chain(1n)], ...closed, ...lists };
  const authorizations = [{ chainId, delegate, nonce: nonceOf("0x1") }];
  const verdict = judge(
    { channel, findings: [], chainId: 1n, authorizations },
    { ...settings, findings: findingsFor("show") },
  );
  const said = verdict.verdict === "ask" ? "ask" : verdict.failure.message;
  expect(said).toContain(expected);
});

test("judge() lets the code of an account be taken away, but not on every chain", () => {
  const settings = {
    chainId: chain(1n),
    chains: [chain(1n)],
    findings: findingsFor("reject"),
    ...closed,
  };
  const revoking = (chainId: bigint) => ({
    channel: "loopback" as const,
    findings: [],
    chainId: 1n,
    authorizations: [{ chainId, delegate: zeroAddress, nonce: nonceOf("0x1") }],
  });
  expect(judge(revoking(1n), settings).verdict).toBe("ask");
  expect(judge(revoking(0n), settings).verdict).toBe("reject");
});
