let last: Promise<void> = Promise.resolve();

/**
 * Waits for a turn of the event loop that nobody else has: in each one frame of all streams is taken,
 * or one step done of a long request, so that the window, the operator and other ways in come in
 * between however many there are.
 */
export function loopTurn(): Promise<void> {
  last = last.then(() => new Promise((resolve) => setImmediate(resolve)));
  return last;
}
