import type { Rule } from "./policy.ts";
import { baseOf, matches, type Qubes, type Token } from "./policy-token.ts";

/** What dom0 is asked. */
export interface Request {
  readonly source: string;
  /** As the caller named it. */
  readonly target: string;
  readonly service: string;
  /** With its `+`. */
  readonly argument: string;
}

/** What the policy says. A refusal without a rule was never asked of one. */
export type Verdict =
  | {
      readonly is: "deny";
      readonly rule: string;
      readonly reason: string;
      readonly notify: boolean;
    }
  | ({ readonly is: "allow"; readonly target: string } & Granted)
  | ({
      readonly is: "ask";
      readonly targets: readonly string[];
      readonly preselected: string;
    } & Granted);

interface Granted {
  readonly rule: string;
  readonly notify: boolean;
}

/** Evaluates a call: the first rule that matches decides, and without one it is denied. */
export function evaluate(rules: readonly Rule[], call: Request, qubes: Qubes): Verdict {
  const request = { ...call, target: intended(call, qubes) };
  const rule = rules.find((one) => fits(one, request, qubes) && aims(one, request, qubes));
  if (rule === undefined) return deny("", "no matching rule found");
  const { action, at } = rule;
  if (action.verb === "deny") return deny(at, "denied by policy", action.notify);
  const wanted =
    action.target === undefined && action.verb === "ask"
      ? choices(rules, request, qubes)
      : [action.target === undefined ? request.target : targetOf(action.target, qubes)];
  const mayStart = (name: string) => action.autostart || isRunning(name, qubes);
  const targets = wanted
    .map((name) => disposable(name, request.source, qubes))
    .filter((name) => isTarget(name, qubes) && name !== request.source && mayStart(name));
  const [target] = targets;
  if (target === undefined) return deny(at, "no target that is another qube and may be started");
  const granted = { rule: at, notify: action.notify };
  if (action.verb === "ask") {
    const preset = action.defaultTarget === undefined ? "" : targetOf(action.defaultTarget, qubes);
    return { is: "ask", targets, preselected: targets.includes(preset) ? preset : "", ...granted };
  }
  return { is: "allow", target, ...granted };
}

function deny(rule: string, reason: string, notify = true): Verdict {
  return { is: "deny", rule, reason, notify };
}

/** What a caller named, if there is such a target; else it is as if it had named none. */
export function intended({ target }: Request, qubes: Qubes): string {
  const named = target === "dom0" ? "@adminvm" : target;
  const uuid = /^uuid:(.+)$/.exec(named)?.[1];
  const found = uuid === undefined ? named : nameOf(uuid, qubes);
  if (found === "@dispvm") return found;
  return isTarget(found, qubes) ? found : "@default";
}

function isTarget(name: string, qubes: Qubes): boolean {
  const base = /^@dispvm:(.+)$/.exec(name)?.[1];
  if (base !== undefined) return qubes.get(base)?.templateForDispvms === true;
  return name === "@adminvm" || qubes.has(name);
}

function isRunning(name: string, qubes: Qubes): boolean {
  return name === "@adminvm" || (qubes.has(name) && qubes.get(name)?.running !== false);
}

function nameOf(uuid: string, qubes: Qubes): string {
  return [...qubes.values()].find((qube) => qube.uuid === uuid)?.name ?? "";
}

/** A redirect as a target; the parser lets only these stand there. */
function targetOf(token: Token, qubes: Qubes): string {
  switch (token.is) {
    case "name":
      return token.value;
    case "uuid":
      return nameOf(token.value, qubes);
    case "dispvm-of":
      return `@dispvm:${token.value}`;
    default:
      return `@${token.is}`;
  }
}

function disposable(name: string, source: string, qubes: Qubes): string {
  if (name !== "@dispvm") return name;
  const base = baseOf({ party: name, source }, qubes);
  return base === undefined ? "" : `@dispvm:${base}`;
}

function fits(rule: Rule, { source, service, argument }: Request, qubes: Qubes): boolean {
  if (rule.service !== "*" && rule.service !== service) return false;
  if (rule.argument !== "*" && rule.argument !== argument) return false;
  return matches(rule.source, { party: source, source }, qubes);
}

function aims(rule: Rule, { source, target }: Request, qubes: Qubes): boolean {
  return matches(rule.target, { party: target, source }, qubes);
}

/** What the person may choose from, when a rule asks and names no target: earlier rules count more. */
function choices(rules: readonly Rule[], request: Request, qubes: Qubes): readonly string[] {
  const chosen = new Set<string>();
  for (const rule of rules.filter((one) => fits(one, request, qubes)).reverse()) {
    const { action } = rule;
    const token = action.verb === "deny" ? rule.target : (action.target ?? rule.target);
    for (const name of qubes.keys()) {
      if (!matches(token, { party: name, source: request.source }, qubes)) continue;
      if (action.verb === "deny") chosen.delete(name);
      else chosen.add(name);
    }
  }
  chosen.delete(request.source);
  return [...chosen];
}
