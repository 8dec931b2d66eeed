/** A number of things, e.g. `1 account`, `2 accounts`; `many` is for what has no plain plural. */
export function counted(count: number, noun: string, many = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : many}`;
}

/** For whom an account is unlocked. */
export function spokenCaller(name: string): string {
  return name === "any" ? "any caller" : name;
}

/** Each unit and how many of the next smaller one it has. */
const units = [
  ["d", 24],
  ["h", 60],
  ["min", 60],
  ["s", 1],
] as const;

/**
 * A time span in its two largest units, e.g. `15 min`, `2 h 5 min`; what is below a second, or below
 * the second unit, is dropped.
 */
export function spokenTime(ms: number): string {
  let rest = Math.max(0, Math.floor(ms / 1000));
  let size = 86_400;
  for (const [at, [unit, parts]] of units.entries()) {
    const whole = Math.floor(rest / size);
    rest %= size;
    size /= parts;
    if (whole === 0 && unit !== "s") continue;
    const [next] = units[at + 1] ?? [];
    const more = next === undefined ? 0 : Math.floor(rest / size);
    return more === 0 ? `${whole} ${unit}` : `${whole} ${unit} ${more} ${next}`;
  }
  return "0 s";
}

/** A moment in UTC as text, e.g. `2026-11-25 14:52:03Z`, of its ISO 8601 form; anything else as it is. */
export function spokenMoment(text: string): string {
  const [, day, time] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)\.\d+Z$/.exec(text) ?? [];
  return day === undefined ? text : `${day} ${time}Z`;
}
