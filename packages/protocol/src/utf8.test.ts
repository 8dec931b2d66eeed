import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeLossy, decodeStrict } from "./utf8.ts";

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, "hex"));

test.each([
  ["", ""],
  ["68c3a96c6c6f20e29c93", "héllo ✓"],
  ["00ff80c3280a0d1b5b41", "\u0000\ufffd\ufffd\ufffd(\n\r\u001b[A"],
  ["e29c", "\ufffd\ufffd"],
  ["eda080", "\ufffd\ufffd\ufffd"],
  ["f4908080", "\ufffd\ufffd\ufffd\ufffd"],
  ["c080", "\ufffd\ufffd"],
  ["efbbbf41", "\ufeffA"],
])("decodeLossy() reads %s as Go does: a mark for each wrong byte", (hex, text) => {
  expect(decodeLossy(bytes(hex))).toBe(text);
});

test("decodeLossy() leaves valid text alone, and decodeStrict() agrees", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const encoded = new TextEncoder().encode(text);
      expect(decodeLossy(encoded)).toBe(
        new TextDecoder("utf-8", { ignoreBOM: true }).decode(encoded),
      );
      expect(decodeStrict(encoded)).toBe(decodeLossy(encoded));
    }),
  );
});

test("decodeStrict() is undefined exactly where decodeLossy() had to mark something", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), (random) => {
      const strict = decodeStrict(random);
      const lossy = decodeLossy(random);
      if (strict !== undefined) expect(lossy).toBe(strict);
      else expect(lossy).toContain("\ufffd");
    }),
  );
});
