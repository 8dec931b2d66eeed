import { expect, test } from "vitest";
import { evaluate, type Verdict } from "./evaluate.ts";
import { PolicySyntaxError, parsePolicy } from "./policy.ts";
import type { Qubes } from "./policy-token.ts";
import type { Qube } from "./terms.ts";

const uuid = "d8a249f1-b02b-4944-a9e5-437def2fbe2c";
const all: readonly Qube[] = [
  { name: "work", tags: ["red", "cleft-defi"], uuid, defaultDispvm: "base" },
  { name: "vault", tags: ["black"] },
  { name: "halted", running: false },
  { name: "base", templateForDispvms: true, tags: ["cleft-disp"] },
  { name: "disp1234", type: "DispVM", tags: ["cleft-disp"] },
];
const qubes: Qubes = new Map(all.map((qube) => [qube.name, qube]));

/** The verdict in one line. */
function said(policy: string, source: string, target: string, name = "s+"): string {
  const rules = parsePolicy(new Map([["30-a.policy", policy]]));
  const [service = "", argument = ""] = name.split("+");
  return inWords(evaluate(rules, { source, target, service, argument: `+${argument}` }, qubes));
}

function inWords(verdict: Verdict): string {
  const notify = verdict.notify ? " notify" : "";
  switch (verdict.is) {
    case "deny":
      return `deny${notify}`;
    case "allow":
      return `allow ${verdict.target}${notify}`;
    case "ask":
      return `ask ${verdict.targets.join(",")} [${verdict.preselected}]${notify}`;
  }
}

test.each([
  // the first that matches, and what is denied when none does
  ["", "work", "vault", "deny notify"],
  ["* * * * deny notify=no\n* * * * allow", "work", "vault", "deny"],
  ["# note\n\n  s * work vault allow", "work", "vault", "allow vault"],
  ["t * work vault allow", "work", "vault", "deny notify"],
  // who asks
  ["s * @anyvm vault allow", "work", "vault", "allow vault"],
  ["s * @tag:red vault allow", "work", "vault", "allow vault"],
  ["s * @tag:red vault allow", "disp1234", "vault", "deny notify"],
  ["s * @type:AppVM vault allow", "work", "vault", "allow vault"],
  ["s * @type:AppVM vault allow", "disp1234", "vault", "deny notify"],
  [`s * uuid:${uuid} vault allow`, "work", "vault", "allow vault"],
  [`s * uuid:${uuid} vault allow`, "disp1234", "vault", "deny notify"],
  ["s * @dispvm:base vault allow", "disp1234", "vault", "deny notify"],
  ["s * @tag:cleft-disp vault allow", "disp1234", "vault", "allow vault"],
  // whom it asks
  ["s * work @default allow target=vault", "work", "@default", "allow vault"],
  ["s * work @default allow target=vault", "work", "nobody", "allow vault"],
  ["s * work @default allow target=vault", "work", "@dispvm:nobody", "allow vault"],
  ["s * work @default allow target=vault", "work", "vault", "deny notify"],
  ["s * work @anyvm allow target=vault", "work", "@default", "allow vault"],
  ["s * work @anyvm allow", "work", "@default", "deny notify"],
  ["s * work @anyvm allow", "work", "dom0", "deny notify"],
  ["s * work @adminvm allow", "work", "dom0", "allow @adminvm"],
  ["s * work dom0 allow", "work", "@adminvm", "allow @adminvm"],
  ["s * work @tag:black allow", "work", "vault", "allow vault"],
  ["s * work @type:AppVM allow", "work", "vault", "allow vault"],
  [`s * vault uuid:${uuid} allow`, "vault", `uuid:${uuid}`, "allow work"],
  ["s * work @dispvm allow", "work", "@dispvm", "allow @dispvm:base"],
  ["s * work @dispvm:base allow", "work", "@dispvm", "allow @dispvm:base"],
  ["s * work @dispvm:@tag:cleft-disp allow", "work", "@dispvm:base", "allow @dispvm:base"],
  ["s * vault @dispvm allow", "vault", "@dispvm", "deny notify"],
  ["s * work disp1234 allow target=vault", "work", "disp1234", "allow vault"],
  [`s * vault @default allow target=uuid:${uuid}`, "vault", "@default", "allow work"],
  ["s * work vault allow target=gone", "work", "vault", "deny notify"],
  // a qube is never connected to itself
  ["s * work @anyvm allow", "work", "work", "deny notify"],
  ["s * work @default allow target=work", "work", "@default", "deny notify"],
  // starting
  ["s * work halted allow", "work", "halted", "allow halted"],
  ["s * work halted allow autostart=no", "work", "halted", "deny notify"],
  ["s * work vault allow autostart=no", "work", "vault", "allow vault"],
  // asking
  ["s * work @default ask target=vault", "work", "@default", "ask vault []"],
  [
    "s * work @default ask target=vault default_target=vault",
    "work",
    "@default",
    "ask vault [vault]",
  ],
  [
    "s * work @default ask default_target=vault\ns * work vault ask",
    "work",
    "@default",
    "ask vault [vault]",
  ],
  ["s * work vault deny\ns * work @tag:black ask", "work", "vault", "deny notify"],
  ["s * work @default ask", "work", "@default", "deny notify"],
  // telling
  ["s * work vault allow notify=yes", "work", "vault", "allow vault notify"],
  ["s * work vault deny notify=no", "work", "vault", "deny"],
])("evaluate() of %j for %s to %s is %j", (policy, source, target, expected) => {
  expect(said(policy, source, target)).toBe(expected);
});

test.each([
  ["+", "s+", "allow vault"],
  ["+", "s+a", "deny notify"],
  ["+a", "s+a", "allow vault"],
  ["+a", "s+ab", "deny notify"],
  ["*", "s+ab", "allow vault"],
])("evaluate() of argument %s for %s is %j", (argument, name, expected) => {
  expect(said(`s ${argument} work vault allow`, "work", "vault", name)).toBe(expected);
});

test.each([
  ["too few fields", "s * work vault"],
  ["an unknown verb", "s * work vault permit"],
  ["an unknown token", "s * @everyone vault allow"],
  ["an empty tag", "s * @tag: vault allow"],
  ["@default as a source", "s * @default vault allow"],
  ["@default without target=", "s * work @default allow"],
  ["@anyvm in target=", "s * work @default allow target=@anyvm"],
  ["no uuid after uuid:", "s * uuid:work vault allow"],
  ["default_target= beside allow", "s * work vault allow default_target=vault"],
  ["target= beside deny", "s * work vault deny target=vault"],
  ["an unknown parameter", "s * work vault allow color=red"],
  ["a parameter without a value", "s * work vault allow notify"],
  ["a parameter twice", "s * work vault allow notify=no notify=no"],
  ["another word than yes and no", "s * work vault allow notify=1"],
  ["an argument without its plus", "s a work vault allow"],
  ["a pattern as argument", "s +a* work vault allow"],
  ["an argument of any service", "* +a work vault allow"],
  ["a service with a plus", "s+a * work vault allow"],
  ["a comment behind a rule", "s * work vault allow # yes"],
  ["an unknown directive", "!frobnicate"],
])("parsePolicy() refuses %s", (_, line) => {
  const files = new Map([
    ["20-fine.policy", "s * work vault allow"],
    ["30-a.policy", line],
  ]);
  expect(() => parsePolicy(files)).toThrow(PolicySyntaxError);
});

test("parsePolicy() reads the files by name, skips what is no policy and refuses a strange name", () => {
  const files = new Map([
    ["90-b.policy", "s * a b deny"],
    ["30-a.policy", "\ns * a b allow"],
    [".30-c.policy", "nonsense"],
    ["30-a.policy.swp", "nonsense"],
  ]);
  expect(parsePolicy(files).map(({ at }) => at)).toEqual(["30-a.policy:2", "90-b.policy:1"]);
  expect(() => parsePolicy(new Map([["30-A.policy", ""]]))).toThrow(PolicySyntaxError);
});
