/**
 * Keeps connections at most `max`. When one more comes, the one that has been idle for the longest
 * goes: whoever only holds connections can't shut others out.
 */
export class Connections<C extends { destroy(): void }> {
  /** How many requests each has open, the longest idle one first. */
  private readonly open = new Map<C, number>();
  readonly max: number;

  constructor(max: number) {
    this.max = max;
  }

  [Symbol.iterator](): Iterator<C> {
    return this.open.keys();
  }

  add(connection: C): void {
    if (this.open.size >= this.max) this.idle()?.destroy();
    this.open.set(connection, 0);
  }

  remove(connection: C): void {
    this.open.delete(connection);
  }

  began(connection: C): void {
    this.open.set(connection, this.requestsOf(connection) + 1);
  }

  ended(connection: C): void {
    const left = this.requestsOf(connection) - 1;
    // Deleted and set again, it is the last one in the order.
    if (this.open.delete(connection)) this.open.set(connection, left);
  }

  /** How many requests of a connection are open. */
  requestsOf(connection: C): number {
    return this.open.get(connection) ?? 0;
  }

  private idle(): C | undefined {
    for (const [connection, requests] of this.open) if (requests === 0) return connection;
    return undefined;
  }
}
