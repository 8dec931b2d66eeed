let last: Promise<void> = Promise.resolve();

/**
 * Waits for a turn of the event loop that nobody else has: of all streams together one frame is taken
 * in each, so that the window, the operator and other ways in come in between however many there are.
 */
export function loopTurn(): Promise<void> {
  last = last.then(() => new Promise((resolve) => setImmediate(resolve)));
  return last;
}
