import fc from "fast-check";
import { expect, test } from "vitest";
import { limits } from "../domain/limits.ts";
import { LineBuffer } from "./line-buffer.ts";

function typed(text: string): LineBuffer {
  const buffer = new LineBuffer();
  for (const byte of Buffer.from(text)) buffer.add(byte);
  return buffer;
}

test("text() gives what was added", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => typed(text).text() === text));
});

test("erase() takes back one character of any length, and nothing from an empty line", () => {
  for (const char of ["a", "é", "漢", "😀"]) {
    const buffer = typed(`x${char}`);
    buffer.erase();
    expect(buffer.text()).toBe("x");
    buffer.erase();
    buffer.erase();
    expect(buffer.text()).toBe("");
    buffer.add(0x79);
    expect(buffer.text()).toBe("y");
  }
});

test("clear() forgets the line", () => {
  const buffer = typed("password");
  buffer.clear();
  expect(buffer.text()).toBe("");
});

test("secret() moves the line out", () => {
  const buffer = typed("pässword");
  const secret = buffer.secret();
  expect(secret.use((bytes) => Buffer.from(bytes).toString())).toBe("pässword");
  expect(buffer.text()).toBe("");
});

test("secret() refuses a line that didn't fit, instead of cutting a password", () => {
  const buffer = new LineBuffer();
  for (let at = 0; at <= limits.passwordBytesMax; at++) buffer.add(0x61);
  expect(() => buffer.secret()).toThrow("password too long");
  buffer.add(0x62);
  expect(buffer.text()).toBe("b");
});
