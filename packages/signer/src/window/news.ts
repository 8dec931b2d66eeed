import type { Notice, Started } from "../approval/window.ts";
import type { Clock } from "../domain/clock.ts";
import { limits } from "../domain/limits.ts";
import { grantKey, type Unlocked } from "../domain/unlock-terms.ts";
import type { View } from "./frame.ts";
import { idleView } from "./idle-view.ts";
import type { Medium } from "./layout.ts";
import { sayOutcome } from "./outcomes.ts";
import type { Happening, Scene } from "./views.ts";

/** What a window was told and what happened at it: all that is known while nobody asks. */
export class News {
  private started: Started | undefined;
  private place: Scene["place"];
  private isLocked = false;
  private readonly unlocked = new Map<string, Unlocked>();
  private readonly happenings: Happening[] = [];
  private readonly log: string[] = [];

  /** Whether it is a question's turn, on the screen or not yet. */
  get isBusy(): boolean {
    return this.place?.expiresAt !== undefined;
  }

  /** Takes what the window is told at a moment. */
  hear(notice: Notice, at: number): void {
    switch (notice.kind) {
      case "started":
        this.started = notice;
        break;
      case "queue":
        this.place = notice;
        break;
      default: {
        if (notice.kind === "lock") this.isLocked = notice.locked;
        if (notice.kind === "grant") this.hearGrant(notice);
        const outcome = sayOutcome(notice);
        if (outcome !== undefined) this.add({ at, word: outcome.said, text: outcome.text });
      }
    }
  }

  private hearGrant({ grant, change }: Extract<Notice, { kind: "grant" }>): void {
    const key = grantKey(grant);
    if (change === "ended") this.unlocked.delete(key);
    else this.unlocked.set(key, grant);
  }

  add(happening: Happening): void {
    keep(this.happenings, happening, limits.shownDecisions);
  }

  addLine(line: string): void {
    keep(this.log, line, limits.shownLogLines);
  }

  /** What every view can say of it. */
  scene(medium: Medium, clock: Pick<Clock, "now" | "elapsed">): Scene {
    const { place, happenings } = this;
    return { medium, now: clock.now(), elapsed: clock.elapsed(), place, happenings };
  }

  /** How it stands on the screen while nobody asks. */
  idle(scene: Scene, isEnding: boolean): View {
    const { started, log } = this;
    const lockState = this.isLocked ? "locked" : "waiting";
    const unlocked = [...this.unlocked.values()];
    return idleView(scene, { started, unlocked, log, state: isEnding ? "ending" : lockState });
  }
}

/** Adds to a list that forgets its oldest. */
function keep<T>(list: T[], item: T, max: number): void {
  list.push(item);
  if (list.length > max) list.shift();
}
