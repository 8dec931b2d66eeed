import { isProfile, isQubeName } from "@cleft/protocol/descriptor.ts";
import { type Address, checksummed, parseAddress, spellingOf } from "../domain/address.ts";
import { qubeLabels } from "../domain/caller.ts";
import { type CallerRule, type CallerRules, openRule } from "../domain/caller-rule.ts";
import { limits } from "../domain/limits.ts";
import { formatRate, parseRate } from "../domain/rate.ts";
import type { TomlEntry, TomlValue } from "./toml.ts";

/** The table of all rules for qubes in cleft.toml. */
export const qubeTable = "qube";

/** Refuses a value: what was expected, in the place of what was got. */
export type Refuse = (at: TomlEntry | TomlValue, expected: string, hint?: string) => never;

type Field = (value: TomlValue, refuse: Refuse) => Partial<CallerRule>;

/** THE LIST of what a rule says. */
const fields: Readonly<Record<string, Field>> = {
  accounts: (value, refuse) => ({ accounts: accountsOf(value, refuse) }),
  decision: (value, refuse) => ({
    decision: oneOf(value, ["ask", "deny"] as const, refuse),
  }),
  label: (value, refuse) => ({ label: oneOf(value, qubeLabels, refuse) }),
  rate: (value, refuse) => ({ rate: rateOf(value, refuse) }),
};

/** Whether an entry of cleft.toml is about a qube. */
export function isAboutQubes({ path }: TomlEntry): boolean {
  return path[0] === qubeTable;
}

/**
 * Reads `[qube.work]`, `[qube."work+defi"]` and `[qube."*"]`, which is for qubes without a table. An
 * empty table is a rule: nothing is written in it.
 */
export function parseQubeRules(entries: readonly TomlEntry[], refuse: Refuse): CallerRules {
  const rules = new Map<string, CallerRule>();
  for (const entry of entries) {
    const [, key, name, ...rest] = entry.path;
    if (key === undefined) {
      if (entry.value.kind !== "table") refuse(entry, "qube to be a table", "write [qube.work]");
      continue;
    }
    if (!isRuleKey(key)) {
      refuse(entry, "the name of a qube", 'e.g. [qube.work], [qube."work+defi"], [qube."*"]');
    }
    if (!rules.has(key) && rules.size === limits.qubeRulesMax) {
      refuse(entry, `at most ${limits.qubeRulesMax} qubes`);
    }
    const rule = rules.get(key) ?? openRule;
    if (name === undefined) {
      if (entry.value.kind !== "table") refuse(entry, `${qubeTable}.${key} to be a table`);
      rules.set(key, rule);
      continue;
    }
    const field = Object.hasOwn(fields, name) && rest.length === 0 ? fields[name] : undefined;
    if (field === undefined) {
      return refuse(entry, "a key of a qube", `the keys are ${Object.keys(fields).join(", ")}`);
    }
    rules.set(key, { ...rule, ...field(entry.value, refuse) });
  }
  return rules;
}

/** The same rules as they are read. */
export function qubeRulesText(rules: CallerRules): string[] {
  return [...rules].flatMap(([key, { accounts, decision, label, rate }]) => {
    const quoted = (text: string) => JSON.stringify(text);
    const listed = accounts === "all" ? [] : [...accounts].map(checksummed).map(quoted);
    return [
      "",
      `[${qubeTable}.${/^[\w-]+$/.test(key) ? key : quoted(key)}]`,
      ...(accounts === "all" ? [] : [`accounts = [${listed.join(", ")}]`]),
      `decision = ${quoted(decision)}`,
      ...(label === undefined ? [] : [`label = ${quoted(label)}`]),
      ...(rate ? [`rate = ${quoted(formatRate(rate))}`] : []),
    ];
  });
}

function isRuleKey(key: string): boolean {
  if (key === "*") return true;
  const [qube = "", profile, ...rest] = key.split("+");
  const isProfileRight = profile === undefined || isProfile(profile);
  return rest.length === 0 && isQubeName(qube) && isProfileRight;
}

/** An address with a wrong checksum was mistyped: the right one would stay locked out. */
function accountsOf(value: TomlValue, refuse: Refuse): ReadonlySet<Address> {
  if (value.kind !== "array") return refuse(value, 'a list of accounts such as ["0x…"]');
  return new Set(
    value.items.map((item) => {
      const address = item.kind === "string" ? parseAddress(item.text) : undefined;
      if (item.kind !== "string" || address === undefined) return refuse(item, "an address");
      if (spellingOf(item.text, address) !== "wrong") return address;
      return refuse(item, "an address with a right checksum", checksummed(address));
    }),
  );
}

function oneOf<T extends string>(value: TomlValue, names: readonly T[], refuse: Refuse): T {
  const found = names.find((name) => value.kind === "string" && value.text === name);
  return found ?? refuse(value, names.map((name) => `"${name}"`).join(" or "));
}

function rateOf(value: TomlValue, refuse: Refuse) {
  const rate = value.kind === "string" ? parseRate(value.text) : undefined;
  return rate ?? refuse(value, 'a rate such as "60/h": per s, m, h or d');
}
