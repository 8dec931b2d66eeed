import { Arming } from "@cleft/protocol/arming.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { callerWith } from "../domain/fakes.ts";
import { account, hostileTexts, reviewWith, startedWith, transactionWith } from "./fakes.ts";
import { frame, pageRows, type View } from "./frame.ts";
import { idleView } from "./idle-view.ts";
import { columnsOf, type Medium } from "./layout.ts";
import { Pager } from "./pager.ts";
import { paletteOf, plainPalette } from "./palette.ts";
import { renderSigning } from "./render.ts";
import { busyView, decisionView, type Scene, secretView } from "./views.ts";

process.env["TZ"] = "UTC";

const now = Date.UTC(2026, 10, 25, 12, 0, 0);
const sizes = [
  [80, 24],
  [40, 12],
  [200, 60],
] as const;

const swap = transactionWith({
  caller: callerWith({ origin: "https://swap.example", userAgent: "viem/2.0" }),
  review: reviewWith({
    headline: "Call a contract on Ethereum (chain 1)",
    findings: [
      { severity: "critical", message: "the recipient is the zero address", source: "cleft" },
      { severity: "warning", message: "the argument is not a known token", source: "cleft" },
    ],
    details: ["nonce", "gas", "fee cap", "tip", "type"].map((label) => ({
      label,
      value: "漢字 7",
      claim: false,
    })),
    data: `0xa9059cbb${"00".repeat(32 * 8)}`,
  }),
});

function sceneOf(medium: Medium): Scene {
  return {
    medium,
    now,
    elapsed: now,
    place: { kind: "queue", waiting: 3, expiresAt: now + 272_000 },
    happenings: [
      { at: now - 60_000, word: "Said yes", text: "Send 1 ETH on Ethereum (chain 1)" },
      { at: now - 50_000, word: "Signed", text: `0x${"5a".repeat(32)}` },
      { at: now - 40_000, word: "Withdrawn", text: "the caller hung up (Send 2 ETH)" },
    ],
  };
}

function viewsOf(medium: Medium): Record<string, View> {
  const scene = sceneOf(medium);
  const pager = new Pager((size) => renderSigning(swap, size), medium);
  const arming = new Arming(
    { armMs: 2000, earlyMs: 300, quietMs: 1000, heldMs: 2500, confirmation: "bBbB" },
    now - 1000,
  );
  const form = {
    needs: "decision",
    headline: "x",
    lines: () => [],
    summary: () => [],
    signsAtOnce: false,
    danger: undefined,
    confirmation: { text: "bBbB", at: "!! CRITICAL" },
    yes: { answer: 1, said: "Said yes" },
    no: { answer: 0, said: "Rejected" },
  } as const;
  const started = startedWith({ qrexec: "/home/user/.clef/qrexec.sock" });
  const unlocked = [
    { account, caller: "socket:ipc", until: now + 900_000, usesLeft: 2 },
    { account, caller: "any", until: now - 1, usesLeft: 2 },
  ];
  const log = ["INFO [11-25|12:00:00.000] Starting signer       chainid=1 keystore=/k"];
  return {
    decision: decisionView(scene, pager.page, {
      form,
      arming,
      refused: false,
      wrong: undefined,
      enterRejects: true,
    }),
    secret: secretView(scene, pager.page, {
      title: "Password",
      prompt: `Password of 0x${"aA".repeat(20)}`,
      tooEarly: false,
    }),
    busy: busyView(scene, pager.page),
    idle: idleView({ ...scene, place: undefined }, { started, unlocked, log, state: "waiting" }),
  };
}

describe("frame()", () => {
  const cases = sizes.flatMap(([columns, rows]) =>
    ["decision", "secret", "busy", "idle"].map((name) => [name, columns, rows] as const),
  );
  test.each(cases)("frame() draws %s on %i x %i as it was agreed", async (name, columns, rows) => {
    const medium = { columns, rows, ascii: false };
    const view = viewsOf(medium)[name];
    if (view === undefined) throw new Error("no such view");
    const lines = frame(view, medium, plainPalette);
    expect(lines).toHaveLength(rows);
    const text = lines.map((line) => line.trimEnd()).join("\n");
    await expect(`${text}\n`).toMatchFileSnapshot(`./frames/${name}-${columns}x${rows}.txt`);
  });

  test("frame() fills any screen exactly, and is ASCII where the screen is", () => {
    const size = fc.record({
      columns: fc.integer({ min: 1, max: 220 }),
      rows: fc.integer({ min: 1, max: 70 }),
      ascii: fc.boolean(),
    });
    fc.assert(
      fc.property(size, (medium) => {
        for (const view of Object.values(viewsOf(medium))) {
          const lines = frame(view, medium, plainPalette);
          expect(lines).toHaveLength(medium.rows);
          for (const line of lines) {
            const ours = line.replaceAll(/[─↑↓]/g, "-");
            expect(columnsOf(ours)).toBeLessThanOrEqual(medium.columns);
            if (medium.ascii) expect(line).toMatch(/^[ -~]*$/);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test.each(hostileTexts)("frame() keeps %s in its row and out of the bars", (_, text) => {
    const medium = { columns: 80, rows: 24, ascii: false };
    const scene = { ...sceneOf(medium), happenings: [{ at: now, word: "Rejected", text }] };
    const started = undefined;
    for (const view of [
      busyView(scene, { lines: [], top: 0 }),
      idleView(scene, { started, unlocked: [], log: [text], state: "waiting" }),
    ]) {
      const lines = frame(view, medium, plainPalette);
      expect(lines).toHaveLength(24);
      for (const line of lines) expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      expect(lines.join("\n")).not.toMatch(/^ {2}asked by/m);
    }
  });

  test("frame() takes text that could move the cursor for a bug", () => {
    const medium = { columns: 80, rows: 24, ascii: false };
    const view = { ...busyView(sceneOf(medium), { lines: ["\u001b[2J"], top: 0 }) };
    expect(() => frame(view, medium, plainPalette)).toThrow("made inert");
  });

  test("frame() makes a finding stand out to its end and nothing behind it", () => {
    const medium = { columns: 80, rows: 24, ascii: false };
    const lines = [
      "  SIGN?         x",
      "  !! CRITICAL   a",
      `${" ".repeat(16)}b`,
      "  to            !! CRITICAL",
    ];
    const view = busyView(sceneOf(medium), { lines, top: 0 });
    const red = "\u001b[1;38;5;231;48;5;124m";
    const shown = frame(view, medium, paletteOf(8)).slice(2, 6);
    expect(shown.map((line) => line.includes(red))).toEqual([false, true, true, false]);
  });

  test("frame() shows the label of a qube in its colour, and only where the label stands", () => {
    const medium = { columns: 80, rows: 24, ascii: false };
    const lines = [
      "  SIGN?         x",
      "  its label     blue",
      "  claims to be  blue",
      "  its label     blu",
    ];
    const shown = frame(busyView(sceneOf(medium), { lines, top: 0 }), medium, paletteOf(8));
    const blue = shown.slice(2, 6).map((line) => line.includes("\u001b[38;5;16;48;5;111m"));
    expect(blue).toEqual([false, true, false, false]);
  });

  test.each([1, 4, 8, 24])(
    "paletteOf() has a way to stand out at %i bits, each by itself",
    (bits) => {
      const { plain, ...tones } = paletteOf(bits);
      expect(plain).toBe("");
      for (const start of Object.values(tones)) expect(start).toMatch(/^\u001b\[[\d;]+m$/);
      const isColoured = /[34]\d/.test(Object.values(tones).join());
      expect(isColoured).toBe(bits > 1);
    },
  );
});

describe("Pager", () => {
  const medium = { columns: 80, rows: 24, ascii: false };
  const hundred = () => Array.from({ length: 100 }, (_, at) => `${at}`);

  test.each([
    [["down", "down", "up"], 1],
    [["pageDown"], 18],
    [["end"], 81],
    [["end", "pageUp"], 63],
    [["end", "down", "pageDown"], 81],
    [["up"], 0],
    [["end", "home"], 0],
  ] as const)("press() %j leads to line %i", (keys, top) => {
    const pager = new Pager(hundred, medium);
    for (const key of keys) expect(pager.press(key, 0)).toBe(true);
    expect(pager.page.top).toBe(top);
    expect(pager.isAtEnd).toBe(top === 100 - pageRows(medium));
  });

  test("fit() stays about where it was, and at the end it stays at the end", () => {
    const pager = new Pager(hundred, medium);
    pager.press("end", 0);
    pager.fit({ ...medium, rows: 40 });
    expect(pager.isAtEnd).toBe(true);
    pager.press("home", 0);
    pager.fit(medium);
    expect(pager.page.top).toBe(0);
  });

  test("Pager does without empty lines if that spares a second page", () => {
    const page = (filled: number) => {
      const lines = ["", ...Array.from({ length: filled }, (_, at) => `${at}`), "", "x", "", "y"];
      return new Pager(() => lines, medium);
    };
    expect(page(15).page.lines.slice(0, 2)).toEqual(["0", "1"]);
    expect(page(15).page.lines.slice(-4)).toEqual(["", "x", "", "y"]);
    expect(page(17).page.lines.slice(-2)).toEqual(["x", "y"]);
    expect([page(14), page(17)].map(({ isWhole }) => isWhole)).toEqual([true, true]);
    // It needs a second page anyway.
    expect(page(18).page.lines).toHaveLength(23);
    expect(page(18).isWhole).toBe(false);
  });

  test("isAtEnd is never true on a screen that is too small to read", () => {
    const pager = new Pager(() => ["a"], { ...medium, rows: 5 });
    expect(pager.isAtEnd).toBe(false);
    pager.fit(medium);
    expect(pager.isAtEnd).toBe(true);
  });

  test("isAtEnd is never true while a line is wider than the screen", () => {
    const pager = new Pager(() => ["a", "x".repeat(81)], medium);
    expect(pager.isAtEnd).toBe(false);
    pager.fit({ ...medium, columns: 81 });
    expect(pager.isAtEnd).toBe(true);
  });

  test("Pager has no use for empty lines at the end", () => {
    const pager = new Pager(() => ["a", "", "b", "", ""], medium);
    expect(pager.page.lines).toEqual(["a", "", "b"]);
    expect(pager.isAtEnd).toBe(true);
  });
});
