import type { Clock } from "../../domain/clock.ts";
import { limits } from "../../domain/limits.ts";

/** Whom a heartbeat tells. */
export interface HeartbeatEvents {
  /** Time to ask the other end whether it lives. */
  ping(): void;
  /** Nobody answered. */
  silent(): void;
  /** Nothing was asked for long; the stream isn't needed. */
  idle(): void;
}

/** Asks regularly whether the other end of a stream lives. Whatever it says is a sign of life. */
export class Heartbeat {
  private readonly clock: Clock;
  private readonly events: HeartbeatEvents;
  private unheard = 0;
  private usedAt = 0;
  private open = 0;
  private cancel = () => {};

  constructor(clock: Clock, events: HeartbeatEvents) {
    this.clock = clock;
    this.events = events;
  }

  start(): void {
    this.usedAt = this.clock.now();
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

  private later(): void {
    this.cancel = this.clock.after(limits.pingMs, () => this.beat());
  }

  private beat(): void {
    if (this.open === 0 && this.clock.now() - this.usedAt >= limits.idleMs) {
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
