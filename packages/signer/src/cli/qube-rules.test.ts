import { describe, expect, it } from "vitest";
import { openRule } from "../domain/caller-rule.ts";
import { addressOf, failure } from "../domain/fakes.ts";
import { limits } from "../domain/limits.ts";
import { qubeRulesText } from "./qube-rules.ts";
import { parseSettingsFile } from "./settings-file.ts";

const parse = async (toml: string) =>
  (await parseSettingsFile(new TextEncoder().encode(toml), "/c.toml")).qubes;

const work = "0x8A8eAFb1cf62BfBeb1741769DAE1a9dd47996192";

describe("parseQubeRules()", () => {
  it("reads a rule for each qube and profile, however the tables are written", async () => {
    const rules = await parse(`
[qube.work]
accounts = ["${addressOf("1")}", "${work}"]
label = "blue"
rate = "20/h"
[qube]
"work+defi" = { decision = "deny" }
personal = {}
"*".accounts = []`);
    expect([...rules]).toEqual([
      [
        "work",
        {
          accounts: new Set([addressOf("1"), work.toLowerCase()]),
          decision: "ask",
          label: "blue",
          rate: { count: 20, perMs: 3_600_000 },
        },
      ],
      ["work+defi", { ...openRule, decision: "deny" }],
      ["personal", openRule],
      ["*", { ...openRule, accounts: new Set() }],
    ]);
    expect([...(await parse(qubeRulesText(rules).join("\n")))]).toEqual([...rules]);
  });

  it.each([
    ["qube = 1", "1:1: expected qube to be a table"],
    ["qube.work = 1", "1:1: expected qube.work to be a table"],
    ['[qube."a b"]', "1:2: expected the name of a qube, got a table"],
    ['[qube."1work"]', "expected the name of a qube"],
    ['[qube."work+"]', "expected the name of a qube"],
    ['[qube."work+Defi"]', "expected the name of a qube"],
    ['[qube."*+defi"]', "expected the name of a qube"],
    ['[qube."work+a+b"]', "expected the name of a qube"],
    ["[qube.work]\naccount = []", '2:1: expected a key of a qube, got "qube.work.account"'],
    ["[qube.work]\ntoString = 1", "expected a key of a qube"],
    ["[qube.work.accounts]\nx = 1", "expected a list of accounts"],
    ["[[qube.work]]", "expected qube.work to be a table"],
    ['[qube.work]\naccounts = "all"', "2:12: expected a list of accounts"],
    ['[qube.work]\naccounts = ["0x12"]', "2:13: expected an address"],
    ["[qube.work]\naccounts = [1]", "expected an address"],
    [`[qube.work]\naccounts = ["${work.replace("8A8e", "8a8E")}"]`, "a right checksum"],
    ['[qube.work]\ndecision = "allow"', '"ask" or "deny"'],
    ['[qube.work]\nlabel = "pink"', '"red" or'],
    ['[qube.work]\nrate = "60"', 'a rate such as "60/h"'],
    ["[qube.work]\nrate = 60", "a rate"],
  ])("refuses %j", async (toml, message) => {
    await expect(parse(toml)).rejects.toMatchObject(failure("usage", message));
  });

  it("refuses more rules than anybody has qubes", async () => {
    const many = Array.from({ length: limits.qubeRulesMax + 1 }, (_, at) => `[qube.q${at}]`);
    await expect(parse(many.join("\n"))).rejects.toMatchObject(failure("usage", "at most 256"));
  });
});
