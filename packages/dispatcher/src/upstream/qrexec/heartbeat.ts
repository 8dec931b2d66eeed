import type { Clock } from "../../domain/clock.ts";
import { limits } from "../../domain/limits.ts";

/** Whom a heartbeat tells. */
export interface HeartbeatEvents {
  /** Time to ask the other end whether it lives. */
  ping(): void;
  /** Nobody answered. */
  silent(): void;
  /** Nothing is open, and it is old or nothing was asked for long: the next call opens another. */
  idle(): void;
}

/** Asks regularly whether the other end of a stream lives. Whatever it says is a sign of life. */
export class Heartbeat {
  private readonly clock: Clock;
  private readonly events: HeartbeatEvents;
  private unheard = 0;
  private startedAt = 0;
  private usedAt = 0;
  private open = 0;
  private cancel = () => {};

  constructor(clock: Clock, events: HeartbeatEvents) {
    this.clock = clock;
    this.events = events;
  }

  start(): void {
    this.startedAt = this.clock.now();
    this.usedAt = this.startedAt;
    this.later();
  }

  stop(): void {
    this.cancel();
  }

  heard(): void {
    this.unheard = 0;
  }

  /** The stream is used: so many calls are open now. */
  used(open: number): void {
    this.open = open;
    this.usedAt = this.clock.now();
  }

  private isDone(): boolean {
    const now = this.clock.now();
    return now - this.usedAt >= limits.idleMs || now - this.startedAt >= limits.lifeMs;
  }

  private later(): void {
    this.cancel = this.clock.after(limits.pingMs, () => this.beat());
  }

  private beat(): void {
    if (this.open === 0 && this.isDone()) {
      this.events.idle();
    } else if (this.unheard >= limits.pingsMissedMax) {
      this.events.silent();
    } else {
      this.unheard++;
      this.later();
      this.events.ping();
    }
  }
}
