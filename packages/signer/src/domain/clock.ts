/** Port: time. `now` is milliseconds since 1970; `after` calls back once unless it is cancelled. */
export interface Clock {
  now(): number;
  after(delayMs: number, callback: () => void): () => void;
}
