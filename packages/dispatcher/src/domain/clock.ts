/** Port: time that passes. `now` is milliseconds; `after` calls back once unless it is cancelled. */
export interface Clock {
  now(): number;
  after(delayMs: number, callback: () => void): () => void;
}

/** The process's own clock. */
export const realClock: Clock = {
  now: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
