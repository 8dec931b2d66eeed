/** Port: time. */
export interface Clock {
  /** Milliseconds since 1970, for what is recorded or shown. Somebody may set it, also back. */
  now(): number;
  /** Milliseconds since some moment, for durations: nobody sets it. It stands still in a suspend. */
  elapsed(): number;
  /** Calls back once, unless it is cancelled by what is returned. */
  after(delayMs: number, callback: () => void): () => void;
}
