import { describe, expect, test } from "vitest";
import { addressOf } from "../../domain/fakes.ts";
import { limits } from "../../domain/limits.ts";
import { inspectText } from "./text.ts";

const address = addressOf("a");

const review = (message: string | Uint8Array, contentType = "text/plain") =>
  inspectText(
    {
      tag: "text",
      account: { address, text: address },
      contentType,
      message: typeof message === "string" ? new TextEncoder().encode(message) : message,
    },
    { nowMs: 0, origin: "" },
  );

const messageOf = (text: string) =>
  review(text)
    .fields.slice(1)
    .map(({ value }) => value);

describe("inspectText()", () => {
  test("inspectText() shows every line of a text, and nothing else of the caller as a field", () => {
    const { headline, fields, data, findings } = review("Log in\r\n\n\tto a.example\n");
    expect(headline).toBe("Sign a text message");
    expect(fields.map(({ label, value }) => [label, value]).slice(1)).toEqual([
      ["message", "Log in"],
      ["", ""],
      ["", "\tto a.example"],
      ["", ""],
    ]);
    expect([data, findings]).toEqual(["0x", []]);
  });

  test.each([
    ["", [""]],
    ["x".repeat(limits.shownCharsMax), ["x".repeat(limits.shownCharsMax)]],
    [`${"x".repeat(limits.shownCharsMax)}y`, ["x".repeat(limits.shownCharsMax), "y"]],
    ["😀".repeat(limits.shownCharsMax / 2 + 1), ["😀".repeat(limits.shownCharsMax / 2), "😀"]],
    [
      `${"x".repeat(limits.shownCharsMax - 5)} a word`,
      [`${"x".repeat(limits.shownCharsMax - 5)} a `, "word"],
    ],
  ])("inspectText() cuts no line (case %#)", (text, lines) => {
    expect(messageOf(text)).toEqual(lines);
  });

  test.each(["a\u0000b", "a\u001b[2Jb", "a\rb\u0007", "a\u0085b"])(
    "inspectText() shows %j as bytes, because a terminal would obey it",
    (text) => {
      const { data, findings, fields } = review(text);
      expect(data).toBe(`0x${Buffer.from(text).toString("hex")}`);
      expect(findings).toEqual([expect.objectContaining({ severity: "warning" })]);
      expect(fields).toHaveLength(1);
    },
  );

  test("inspectText() shows what is no UTF-8 as bytes", () => {
    expect(review(Uint8Array.of(0xff, 0x41))).toMatchObject({
      headline: "Sign data that is no text",
      data: "0xff41",
    });
  });

  test.each([new Uint8Array(32), "x".repeat(32)])(
    "inspectText() calls 32 bytes critical: they may be any hash",
    (message) => {
      expect(review(message).findings).toContainEqual(
        expect.objectContaining({ severity: "critical", source: "cleft" }),
      );
    },
  );

  test("inspectText() says how many lines it doesn't show", () => {
    const { fields, findings } = review("x\n".repeat(limits.shownTextLines + 2));
    expect(fields).toHaveLength(1 + limits.shownTextLines);
    expect(findings).toEqual([
      {
        severity: "warning",
        source: "cleft",
        message: expect.stringContaining("at least 3 lines"),
      },
    ]);
  });

  test.each([
    "x".repeat(limits.shownCharsMax * limits.shownTextLines + 1),
    "😀".repeat(limits.shownCharsMax * limits.shownTextLines + 1),
    "😀".repeat(limits.shownCharsMax * limits.shownTextLines * 4),
  ])("inspectText() never hides the end of a long line (case %#)", (text) => {
    const { fields, findings } = review(text);
    expect(fields).toHaveLength(1 + limits.shownTextLines);
    expect(findings).toEqual([expect.objectContaining({ severity: "warning" })]);
  });

  test("inspectText() warns of a type that it doesn't know", () => {
    const [finding] = review("x", "application/x-foo").findings;
    expect(finding).toMatchObject({ severity: "warning", source: "cleft" });
    expect(finding?.message).toContain('"application/x-foo"');
  });
});
