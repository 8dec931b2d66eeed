import { limits } from "../domain/limits.ts";

/** The known name that a written one was probably meant to be; undefined if none is near. */
export function nearestOf(written: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((name) => ({ name, distance: distanceOf(written, name) }))
    .sort((one, other) => one.distance - other.distance);
  const [nearest] = ranked;
  if (nearest === undefined || nearest.distance > limits.nearNameMax) return undefined;
  return nearest.distance < nearest.name.length ? nearest.name : undefined;
}

/** Letters to insert, drop or replace until one text is the other (Levenshtein). */
function distanceOf(one: string, other: string): number {
  // Names that differ much in length are far apart; and a stranger's length costs nothing.
  if (Math.abs(one.length - other.length) > limits.nearNameMax) return limits.nearNameMax + 1;
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (const [at, letter] of [...one].entries()) {
    const next = [at + 1];
    for (const [to, wanted] of [...other].entries()) {
      const replaced = (row[to] ?? 0) + (letter === wanted ? 0 : 1);
      next.push(Math.min(replaced, (row[to + 1] ?? 0) + 1, (next[to] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
