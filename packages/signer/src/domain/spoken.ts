/** A number of things, e.g. `1 account`, `2 accounts`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

const units = [
  ["d", 86_400],
  ["h", 3600],
  ["min", 60],
  ["s", 1],
] as const;

/** A time span in its two largest units, e.g. `15 min`, `2 h 5 min`; what is below a second is dropped. */
export function spokenTime(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const largest = units.findIndex(([, size]) => seconds >= size);
  if (largest < 0) return "0 s";
  const [parts] = units
    .slice(largest, largest + 2)
    .reduce<[string[], number]>(
      ([said, rest], [unit, size]) => [
        [...said, `${Math.floor(rest / size)} ${unit}`],
        rest % size,
      ],
      [[], seconds],
    );
  return parts.filter((part) => !part.startsWith("0 ")).join(" ");
}

/** A moment in UTC as text, e.g. `2026-11-25 14:52:03Z`, of its ISO 8601 form; anything else as it is. */
export function spokenMoment(text: string): string {
  const [, day, time] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)\.\d+Z$/.exec(text) ?? [];
  return day === undefined ? text : `${day} ${time}Z`;
}
