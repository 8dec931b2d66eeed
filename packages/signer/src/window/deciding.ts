import { Arming } from "@cleft/protocol/arming.ts";
import { limits } from "../domain/limits.ts";
import type { View } from "./frame.ts";
import type { Key } from "./keys.ts";
import type { Medium } from "./layout.ts";
import { Pager } from "./pager.ts";
import type { DecisionForm } from "./questions.ts";
import { decisionView, type Scene } from "./views.ts";

/** What a key did to a question. */
export type Verdict = "yes" | "no" | "quit" | undefined;

/** A question that is being decided by keys. Only one key says yes, and only when it is armed. */
export class Deciding {
  private readonly form: DecisionForm<unknown>;
  private readonly arming: Arming;
  readonly pager: Pager;
  private refused = false;
  /** A character that was typed and isn't the next one of the confirmation. */
  private wrong: string | undefined;
  /** Not any more once a confirmation was begun: who types ends it with Enter out of habit. */
  private enterRejects = true;

  constructor(
    form: DecisionForm<unknown>,
    { medium, now, armMs }: { medium: Medium; now: number; armMs: number },
  ) {
    this.form = form;
    const confirmation = form.confirmation?.text;
    const { earlyInputMs: earlyMs, quietMs, heldMs } = limits;
    this.arming = new Arming({ armMs, earlyMs, quietMs, heldMs, confirmation }, now);
    this.pager = new Pager(form.lines, medium);
  }

  /** What is to be drawn now; whatever it shows counts as shown, and nothing while it can't be read. */
  view(scene: Scene): View {
    if (this.pager.isReadable) this.arming.comeBack("unreadable", scene.elapsed);
    else this.arming.leave("unreadable");
    if (this.pager.isAtEnd) this.arming.readToEnd();
    const { form, arming, refused, wrong } = this;
    return decisionView(scene, this.pager.page, {
      ...{ form, arming, refused, wrong },
      enterRejects: this.enterRejects,
    });
  }

  /** A key was pressed that went elsewhere: what is typed behind it isn't meant for this. */
  stray(now: number): void {
    this.arming.stray(now);
  }

  /** It is on the screen anew, which showed something else. */
  begin(now: number): void {
    this.arming.restart(now);
    // What was meant for the shell is no answer.
    this.arming.stray(now);
  }

  press(key: Key, byte: number, { alone, now }: { alone: boolean; now: number }): Verdict {
    if (key === "focusOut") this.arming.leave("unfocused");
    else this.arming.comeBack("unfocused", now);
    if (!this.arming.accepts(now)) {
      // A key that was held down for the question before goes on here.
      if (key === "text") this.arming.stray(now, isYes(byte));
      return undefined;
    }
    if (this.pager.press(key, byte)) return undefined;
    if (key === "escape" || (key === "enter" && this.enterRejects)) return "no";
    if (key !== "text") return undefined;
    const char = String.fromCharCode(byte);
    if (this.confirms(char, now)) return undefined;
    return this.decide(char.toLowerCase(), { alone, now });
  }

  /**
   * Whether the character belongs to the confirmation: the end of an address, so a hex digit, as
   * long as it isn't complete.
   */
  private confirms(char: string, now: number): boolean {
    const isOpen = this.pager.isReadable && this.arming.obstacles(now).includes("unconfirmed");
    if (!isOpen || !/[0-9a-f]/i.test(char)) return false;
    this.enterRejects = false;
    this.wrong = this.arming.confirm(char) ? undefined : char;
    // Its last character may be an "a" that is held down.
    const isWhole = !this.arming.obstacles(now).includes("unconfirmed");
    if (isWhole) this.arming.stray(now, isYes(char.charCodeAt(0)));
    return true;
  }

  private decide(char: string, { alone, now }: { alone: boolean; now: number }): Verdict {
    if (char === "r") return "no";
    // A text that is typed into the wrong question, such as a password, is no answer.
    const isMeant = alone && this.arming.isQuiet(now);
    if (isMeant && char === "q" && this.pager.isReadable) return "quit";
    if (isMeant && char === "a") return this.approve(now);
    this.arming.stray(now, char === "a");
    return undefined;
  }

  private approve(now: number): Verdict {
    if (this.pager.isReadable && this.arming.isArmed(now)) return "yes";
    this.refused = true;
    this.arming.stray(now, true);
    return undefined;
  }
}

/** Whether it is the key that says yes. */
function isYes(byte: number): boolean {
  return String.fromCharCode(byte).toLowerCase() === "a";
}
