import fc from "fast-check";
import { expect, test } from "vitest";
import { Lines } from "./lines.ts";

test("push() yields the same lines however they are cut", () => {
  const anyLines = fc.array(fc.stringMatching(/^[^\n]{0,40}$/), { maxLength: 20 });
  const anyCuts = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 });
  fc.assert(
    fc.property(anyLines, anyCuts, (written, cuts) => {
      const bytes = Buffer.from(written.map((line) => `${line}\n`).join(""));
      const lines = new Lines(1_000);
      const read: string[] = [];
      for (let at = 0, turn = 0; at < bytes.length; turn++) {
        const end = at + (cuts[turn % cuts.length] ?? 1);
        for (const line of lines.push(bytes.subarray(at, end)))
          read.push(Buffer.from(line).toString());
        at = end;
      }
      expect(read).toEqual(written);
    }),
  );
});

test("push() throws at a line that is too long, complete or not", () => {
  expect(() => [...new Lines(4).push(Buffer.from("12345"))]).toThrow(RangeError);
  expect(() => [...new Lines(4).push(Buffer.from("12345\n"))]).toThrow(RangeError);
  expect([...new Lines(4).push(Buffer.from("1234\n"))]).toHaveLength(1);
});
