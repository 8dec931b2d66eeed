import { appendFileSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { evaluate, intended, type Request, type Verdict } from "./evaluate.ts";
import type { Asked } from "./frames.ts";
import { placesOf } from "./places.ts";
import { PolicySyntaxError, parsePolicy } from "./policy.ts";
import { parseServiceName, parseTarget, type ServiceName } from "./service.ts";
import type { Ask, Call, Faults, Qube, Stream } from "./terms.ts";

/** What can change while a world runs. */
export interface Settings {
  readonly ask?: Ask;
  readonly faults?: Faults;
  readonly stream?: Stream;
}

/** A call that was let through. */
export interface Allowed {
  readonly id: number;
  readonly qube: Qube;
  readonly name: ServiceName;
}

/** The policy, the person and the qubes' power. All is read anew for each call, as dom0 does. */
export class Dom0 {
  private readonly places: ReturnType<typeof placesOf>;
  private readonly qubes: Map<string, Qube>;
  private lastId = 0;

  constructor(folder: string) {
    this.places = placesOf(folder);
    const all: readonly Qube[] = JSON.parse(readFileSync(this.places.qubes, "utf8"));
    this.qubes = new Map(all.map((qube) => [qube.name, qube]));
  }

  names(): readonly string[] {
    return [...this.qubes.keys()];
  }

  settings(): Settings {
    return JSON.parse(readFileSync(this.places.settings, "utf8"));
  }

  setRunning(name: string, running: boolean): void {
    const qube = this.qubes.get(name);
    if (qube !== undefined) this.qubes.set(name, { ...qube, running });
  }

  /** Adds to what is known of a call. */
  note(id: number, part: Partial<Call>): void {
    appendFileSync(this.places.calls, `${JSON.stringify({ id, ...part })}\n`);
  }

  /** Resolves with undefined for a call that is refused. */
  async decide(source: string, asked: Asked): Promise<Allowed | undefined> {
    const id = ++this.lastId;
    const name = parseServiceName(asked.service);
    const target = parseTarget(asked.target);
    const request = {
      source,
      target,
      service: name?.service ?? "",
      argument: `+${name?.argument}`,
    };
    this.note(id, {
      source,
      target,
      service: name?.full ?? "",
      rule: "",
      notified: false,
      reached: "",
    });
    const refuse = (reason: string) => this.note(id, { decision: "refused", reason });
    if (name === undefined) return void refuse("no name of a service");
    if (asked.sourceQube !== undefined) return void refuse("the source can't be chosen");
    const verdict = this.judge(request);
    const notified = verdict.notify;
    if (verdict.is === "deny") {
      const { rule, reason } = verdict;
      return void this.note(id, { decision: "deny", rule, reason, notified });
    }
    this.note(id, { rule: verdict.rule, reason: "" });
    const reached = verdict.is === "allow" ? verdict.target : await this.ask(id, verdict, request);
    if (reached === undefined) return undefined;
    const decision = verdict.is === "allow" ? "allow" : "ask-yes";
    const qube = await this.start(reached);
    if (qube === undefined) return void refuse(`${reached} can't be started here`);
    this.note(id, { decision, notified, reached });
    return { id, qube, name };
  }

  /** A policy that can't be read denies everything. */
  private judge(request: Request): Verdict {
    const folder = realpathSync(this.places.policy);
    const files = readdirSync(folder).map(
      (name) => [name, readFileSync(join(folder, name), "utf8")] as const,
    );
    try {
      return evaluate(parsePolicy(new Map(files)), request, this.qubes);
    } catch (error) {
      if (!(error instanceof PolicySyntaxError)) throw error;
      return { is: "deny", rule: "", reason: error.message, notify: true };
    }
  }

  /** The person takes what is selected, else what the caller named, else the first. */
  private async ask(
    id: number,
    { targets, preselected }: Verdict & { readonly is: "ask" },
    request: Request,
  ): Promise<string | undefined> {
    this.note(id, { decision: "asking" });
    const { ask = { delayMs: 0, answer: "yes" }, faults } = this.settings();
    await sleep(faults?.cancelAfterMs ?? ask.delayMs);
    if (ask.answer === "no" || faults?.cancelAfterMs !== undefined) {
      return void this.note(id, { decision: "ask-no", reason: "denied by the user" });
    }
    const named = intended(request, this.qubes);
    return preselected || (targets.includes(named) ? named : targets[0]);
  }

  /** A halted qube takes its time. */
  private async start(name: string): Promise<Qube | undefined> {
    const qube = this.qubes.get(name);
    if (qube === undefined || qube.type === "AdminVM") return undefined;
    if (qube.running === false) {
      await sleep(qube.startMs ?? 50);
      this.setRunning(name, true);
    }
    return qube;
  }
}
