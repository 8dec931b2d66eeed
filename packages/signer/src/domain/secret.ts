import { limits } from "./limits.ts";

/**
 * Room of one secret, bytes. Typed arrays of 64 bytes and less live on V8's moving heap, where the
 * collector leaves copies behind; a buffer of this size has memory of its own.
 */
const roomBytes = limits.passwordBytesMax;

/**
 * A password or key. It can't be printed, serialised or compared by accident; it is reached by
 * {@link Secret.use} and gone after {@link Secret.wipe}. What JavaScript can't promise about
 * memory is said in docs/SECURITY.md.
 */
export class Secret {
  #room: Uint8Array;
  #length: number;

  private constructor(room: Uint8Array, length: number) {
    this.#room = room;
    this.#length = length;
  }

  /** Copies `bytes` (at most 4096) into a secret and wipes the source. */
  static taking(bytes: Uint8Array): Secret {
    if (bytes.length > roomBytes) {
      bytes.fill(0);
      throw new RangeError(`expected at most ${roomBytes} bytes of secret, got ${bytes.length}`);
    }
    const room = new Uint8Array(roomBytes);
    room.set(bytes);
    const secret = new Secret(room, bytes.length);
    bytes.fill(0);
    return secret;
  }

  /** Makes a secret of `length` bytes that `write` fills in place; wiped if it throws. */
  static filling(length: number, write: (bytes: Uint8Array) => void): Secret {
    const secret = new Secret(new Uint8Array(roomBytes), length);
    try {
      secret.use(write);
      return secret;
    } catch (error) {
      secret.wipe();
      throw error;
    }
  }

  /** Adopts a buffer that {@link Secret.surrender} gave, on the other side of a thread. */
  static adopting({ buffer, length }: Surrendered): Secret {
    return new Secret(new Uint8Array(buffer), length);
  }

  /** Lends the bytes for the time of one synchronous call. Don't keep the view. */
  use<T>(borrow: (bytes: Uint8Array) => T): T {
    return borrow(this.#room.subarray(0, this.#length));
  }

  /** Gives the buffer away, to be moved to another thread; this secret is empty afterwards. */
  surrender(): Surrendered {
    const given = { buffer: this.#room.buffer as ArrayBuffer, length: this.#length };
    this.#room = new Uint8Array(0);
    this.#length = 0;
    return given;
  }

  /** A second secret of the same bytes, for a look at whether they fit before they are used. */
  copy(): Secret {
    return Secret.filling(this.#length, (bytes) => this.use((own) => bytes.set(own)));
  }

  /** Overwrites the bytes. Safe to call twice. */
  wipe(): void {
    this.#room.fill(0);
    this.#length = 0;
  }

  toString(): string {
    return "[secret]";
  }

  toJSON(): string {
    return "[secret]";
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return "[secret]";
  }
}

/** A secret's buffer on its way to another thread. It must be in the transfer list. */
export interface Surrendered {
  readonly buffer: ArrayBuffer;
  readonly length: number;
}
