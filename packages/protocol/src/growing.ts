/** Bytes that come in pieces of any size. What they cost is what they are, however small the pieces. */
export class GrowingBytes {
  private bytes = new Uint8Array(0);
  private count = 0;

  get length(): number {
    return this.count;
  }

  /** What it takes of the memory: up to twice its length. */
  get capacity(): number {
    return this.bytes.length;
  }

  push(piece: Uint8Array): void {
    const needed = this.count + piece.length;
    if (needed > this.bytes.length) {
      const larger = new Uint8Array(Math.max(needed, 2 * this.bytes.length));
      larger.set(this.bytes.subarray(0, this.count));
      this.bytes = larger;
    }
    this.bytes.set(piece, this.count);
    this.count = needed;
  }

  /** Everything so far; it is empty afterwards. */
  take(): Uint8Array {
    const whole = this.bytes.subarray(0, this.count);
    this.clear();
    return whole;
  }

  clear(): void {
    this.bytes = new Uint8Array(0);
    this.count = 0;
  }
}
