import { counted } from "../domain/spoken.ts";
import type { Unlocked } from "../domain/unlock-terms.ts";

/** The time of day, local, e.g. `06:39:05`. */
export function clockTime(ms: number): string {
  const date = new Date(ms);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(":");
}

/** What is left until a time, e.g. `4:05`; never negative. */
export function timeLeft(untilMs: number, nowMs: number): string {
  const seconds = Math.max(0, Math.ceil((untilMs - nowMs) / 1000));
  return `${Math.floor(seconds / 60)}:${twoDigits(seconds % 60)}`;
}

/** How long an account stays unlocked, and for how many signatures. It is never more than a day. */
export function termsOf({ until, usesLeft }: Pick<Unlocked, "until" | "usesLeft">): string {
  return `until ${clockTime(until)}, ${counted(usesLeft, "signature")} left`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
