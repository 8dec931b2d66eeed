const [quitKey, sureKey] = [0x71, 0x79];

/** The wish to end the signer: a `q` by itself asks, a `y` ends it, any other key goes on. */
export class Quitting {
  private asked = false;

  get isAsked(): boolean {
    return this.asked;
  }

  /** A question was answered with `q`. */
  ask(): void {
    this.asked = true;
  }

  /** Something else is on the screen by now. */
  forget(): void {
    this.asked = false;
  }

  /** Takes a key and returns whether it ends the signer. `meant`: it is no part of a text. */
  press(byte: number, meant: boolean): boolean {
    const isEnd = this.asked && meant && byte === sureKey;
    // A key that is held down says no more than the first time.
    this.asked = byte === quitKey && (this.asked || meant);
    return isEnd;
  }
}
