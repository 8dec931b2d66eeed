import { Failure } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import { Secret } from "../domain/secret.ts";

/** Bytes of a line that is being typed, in memory that can be wiped. */
export class LineBuffer {
  private readonly bytes = new Uint8Array(limits.passwordBytesMax);
  private length = 0;
  private overflowed = false;

  /** Adds a byte. One that doesn't fit any more spoils the line until it is cleared. */
  add(byte: number): void {
    if (this.length < this.bytes.length) this.bytes[this.length++] = byte;
    else this.overflowed = true;
  }

  /** Takes back one character, which in UTF-8 may be several bytes. */
  erase(): void {
    while (this.length > 0 && isContinuation(this.bytes[--this.length]));
  }

  clear(): void {
    this.bytes.fill(0);
    this.length = 0;
    this.overflowed = false;
  }

  get isEmpty(): boolean {
    return this.length === 0 && !this.overflowed;
  }

  /** The text so far. Not for secrets. */
  text(): string {
    return Buffer.from(this.bytes.subarray(0, this.length)).toString("utf8");
  }

  /** Moves the bytes into a secret. @throws Failure `password.long` rather than cutting it */
  secret(): Secret {
    if (this.overflowed) {
      this.clear();
      throw new Failure("password.long", `password too long (>${limits.passwordBytesMax} bytes)`);
    }
    const secret = Secret.taking(this.bytes.slice(0, this.length));
    this.clear();
    return secret;
  }
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
