/** Something that holds bytes of a stranger's. */
export interface Holder {
  readonly held: number;
}

/**
 * Who has to go when all together hold more than `bytesMax`, or undefined while they don't: the one
 * that holds most. Whoever only came last may be honest.
 */
export function overweight<H extends Holder>(
  holders: Iterable<H>,
  bytesMax: number,
): H | undefined {
  let total = 0;
  let heaviest: H | undefined;
  for (const holder of holders) {
    total += holder.held;
    if (holder.held > (heaviest?.held ?? -1)) heaviest = holder;
  }
  return total > bytesMax ? heaviest : undefined;
}
