import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { root } from "../shared.ts";
import { evaluate } from "./evaluate.ts";
import { parsePolicy } from "./policy.ts";
import type { Qubes } from "./policy-token.ts";
import type { Qube } from "./terms.ts";

const shipped = readFileSync(`${root}deploy/qubes/30-cleft.policy`, "utf8");
const all: readonly Qube[] = [
  { name: "work" },
  { name: "dapp" },
  { name: "defi", tags: ["cleft-defi"] },
  { name: "base", tags: ["cleft-disp"], templateForDispvms: true },
  { name: "disp77", type: "DispVM", tags: ["cleft-disp"] },
  { name: "other" },
  { name: "vault" },
];
const qubes: Qubes = new Map(all.map((qube) => [qube.name, qube]));

/** The file with some of its lines switched on: those that hold a text. */
function withLine(text: string): string {
  const line = new RegExp(`^#(qubes\\.\\S+ +\\S+ +${text})`, "gm");
  expect(shipped.match(line)).toHaveLength(2);
  return shipped.replace(line, "$1");
}

function said(policy: string, call: string): string {
  const [source = "", target = "", name = ""] = call.split(" ");
  const [service = "", argument = ""] = name.split("+");
  const request = { source, target, service, argument: `+${argument}` };
  const verdict = evaluate(parsePolicy(new Map([["30-cleft.policy", policy]])), request, qubes);
  const notify = verdict.notify ? ", notified" : "";
  if (verdict.is === "deny") return `deny${notify}`;
  const to = verdict.is === "ask" ? `${verdict.targets} [${verdict.preselected}]` : verdict.target;
  return `${verdict.is} ${to}${notify}`;
}

const lines = {
  "as shipped": "",
  "named target": "work +vault",
  dapp: "dapp",
  defi: "@tag:cleft-defi",
  disposables: "@tag:cleft-disp",
} as const;

describe.each(["qubes.Clefsign", "qubes.EthSign"])("30-cleft.policy for %s", (service) => {
  test.each([
    ["as shipped", "work @default", "", "allow vault"],
    ["as shipped", "work @default", "+defi", "allow vault"],
    ["as shipped", "work nobody", "", "allow vault"],
    ["as shipped", "work vault", "", "deny"],
    ["as shipped", "work other", "", "deny"],
    ["as shipped", "dapp @default", "", "deny"],
    ["as shipped", "defi @default", "+defi", "deny"],
    ["as shipped", "disp77 @default", "", "deny"],
    ["as shipped", "other @default", "", "deny"],
    ["as shipped", "other vault", "", "deny"],
    ["as shipped", "vault @default", "", "deny"],
    ["named target", "work vault", "", "allow vault"],
    ["named target", "work @default", "", "allow vault"],
    ["named target", "other vault", "", "deny"],
    ["dapp", "dapp @default", "", "ask vault [vault]"],
    ["dapp", "dapp vault", "", "deny"],
    ["dapp", "work @default", "", "allow vault"],
    ["defi", "defi @default", "+defi", "allow vault, notified"],
    ["defi", "defi @default", "", "deny"],
    ["defi", "defi @default", "+other", "deny"],
    ["defi", "other @default", "+defi", "deny"],
    ["disposables", "disp77 @default", "", "ask vault [vault]"],
    ["disposables", "other @default", "", "deny"],
  ] as const)("%s: %s %s is %j", (line, call, argument, expected) => {
    const policy = lines[line] === "" ? shipped : withLine(lines[line]);
    expect(said(policy, `${call} ${service}${argument}`)).toBe(expected);
  });
});

test("30-cleft.policy can be read with every line switched on", () => {
  const open = shipped.replaceAll(/^#(?=qubes\.)/gm, "");
  expect(parsePolicy(new Map([["30-cleft.policy", open]]))).toHaveLength(12);
});
