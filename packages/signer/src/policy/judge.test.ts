import fc from "fast-check";
import { expect, test } from "vitest";
import type { Finding, Severity } from "../domain/finding.ts";
import { type ChainId, parseChainId } from "../domain/quantity.ts";
import { type Case, chainOf, type JudgeSettings, judge } from "./judge.ts";

function chain(id: bigint): ChainId {
  const parsed = parseChainId(id);
  if (parsed === undefined) throw new Error("no chain");
  return parsed;
}

/** Judges for chain 1 and says the verdict in one line. */
function judged(
  findings: readonly Finding[],
  chainId: Case["chainId"],
  mode: JudgeSettings["findings"] = "reject",
): string {
  const settings = { chainId: chain(1n), chains: [chain(1n)], findings: mode };
  const verdict = judge({ findings, chainId }, settings);
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
  const mode = fc.constantFrom("reject" as const, "show" as const);
  fc.assert(
    fc.property(listed, fc.nat(), asked, mode, (chains, at, chainId, findings) => {
      const settings = { chainId: chains[at % chains.length] ?? chain(1n), chains, findings };
      const read = chainOf(chainId, settings);
      expect(chains).toContain(read);
      const { verdict } = judge({ findings: [], chainId }, settings);
      const may = chainId === undefined || chains.some((one) => one === chainId);
      expect(verdict).toBe(may ? "ask" : "reject");
      if (may) expect(read).toBe(chainId ?? settings.chainId);
    }),
  );
});
