/** So many in so much time. */
export interface Rate {
  readonly count: number;
  readonly perMs: number;
}

const units: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Reads e.g. `60/h`, from one to ten thousand a second, minute, hour or day; undefined for others. */
export function parseRate(text: string): Rate | undefined {
  const [, count = "", unit = ""] = /^([1-9]\d{0,3}|10000)\/([smhd])$/.exec(text) ?? [];
  const perMs = units[unit];
  return perMs === undefined ? undefined : { count: Number(count), perMs };
}

/** The same as it is read. */
export function formatRate({ count, perMs }: Rate): string {
  const [unit = ""] = Object.entries(units).find(([, ms]) => ms === perMs) ?? [];
  return `${count}/${unit}`;
}
