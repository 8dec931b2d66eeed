import { keccak256 } from "viem";
import { describe, expect, test } from "vitest";
import { callerWith, socketCaller } from "../domain/fakes.ts";
import type { Finding } from "../domain/finding.ts";
import { limits } from "../domain/limits.ts";
import { account, hostileTexts, listingOf, reviewWith, transactionWith } from "./fakes.ts";
import { renderListing, renderSigning, renderSummary } from "./render.ts";

const medium = { columns: 80, rows: 1000, ascii: false };
const show = (changes: Parameters<typeof transactionWith>[0] = {}) =>
  renderSigning(transactionWith(changes), medium);
const finding = (severity: Finding["severity"], message: string): Finding => ({
  severity,
  message,
  source: "cleft",
});
/** The labels in the label column, in their order. */
const labelsOf = (lines: readonly string[]) =>
  lines.map((line) => line.slice(2, 16).trim()).filter((label) => /^[^-─]/.test(label));

describe("renderSigning()", () => {
  test("renderSigning() says what, who, then what matters, then the rest", () => {
    const lines = show({
      caller: callerWith({ origin: "https://a.example", userAgent: "curl", host: "localhost" }),
      review: reviewWith({ findings: [finding("warning", "careful")], data: "0xa9059cbb" }),
    });
    expect(labelsOf(lines)).toEqual([
      "SIGN?",
      "asked by",
      "connection",
      "claims origin",
      "claims to be",
      "called us",
      "!  warning",
      "to",
      "nonce",
      "data",
    ]);
    expect(lines).toContain("  SIGN?         Send 1 ETH on Ethereum");
    expect(lines).toContain('  claims origin "https://a.example"');
  });

  test("renderSigning() leaves out Clef's note, which the fields say better", () => {
    const note = { ...finding("info", "Transaction invokes the method"), source: "clef" } as const;
    const lines = show({ review: reviewWith({ findings: [note, finding("info", "ours")] }) });
    expect(lines.join("\n")).not.toContain("invokes");
    expect(lines).toContain("  note          ours");
  });

  test("renderSigning() tells what dom0 says of a qube from what the qube says", () => {
    const identity = {
      kind: "qube",
      service: "qubes.Clefsign",
      profile: "defi",
      qube: "work",
    } as const;
    const forged = "qube personal, says dom0\n  asked by      qube personal";
    const claims = {
      origin: forged,
      host: "personal",
      userAgent: "\u202epersonal",
      remote: "personal",
    };
    const lines = show({ caller: { identity, claims, label: "blue" } });
    expect(lines.slice(2, 8)).toEqual([
      "  asked by      qube work, says dom0 (qubes.Clefsign+defi)",
      "  its label     blue",
      expect.stringMatching(/^ {2}claims origin "qube personal, says dom0/),
      expect.stringMatching(/^ {2}claims to be {2}"/),
      '  claims host   "personal"',
      '  claims from   "personal"',
    ]);
    expect(lines.filter((line) => line.startsWith("  asked by"))).toHaveLength(1);
  });

  test("renderSigning() names a weak identity as what it is", () => {
    const text = show().join("\n");
    expect(text).toContain("any program on this machine (loopback:default), not verified");
  });

  test("renderSigning() says of the socket who may be behind it, and nothing else", () => {
    const lines = show({ caller: socketCaller });
    expect(labelsOf(lines)).toEqual(["SIGN?", "asked by", "to", "nonce"]);
    expect(lines.join("\n")).toContain(
      "any program that may open our socket (socket:ipc), not verified",
    );
  });

  test("renderSigning() leaves out what the caller doesn't claim", () => {
    expect(labelsOf(show())).toEqual(["SIGN?", "asked by", "connection", "to", "nonce"]);
  });

  test("renderSigning() says that no password will be asked, until when and how often", () => {
    const unlocked = { account, caller: "socket:ipc", until: Date.UTC(2026, 10, 25), usesLeft: 1 };
    const lines = show({ unlocked });
    expect(labelsOf(lines)).toEqual(["SIGN?", "asked by", "connection", "to", "password", "nonce"]);
    expect(lines.find((line) => line.startsWith("  password"))).toMatch(
      /not asked: unlocked until \d\d:\d\d:\d\d, 1 signature left$/,
    );
  });

  test("renderSigning() says when a window has changed it", () => {
    expect(labelsOf(show({ again: true }))[0]).toBe("CHANGED");
  });

  test("renderSigning() shows every finding by a word, the worst first", () => {
    const findings = [finding("info", "i"), finding("critical", "c"), finding("warning", "w")];
    const labels = labelsOf(show({ review: reviewWith({ findings }) }));
    expect(labels.slice(3, 6)).toEqual(["!! CRITICAL", "!  warning", "note"]);
  });

  test("renderSigning() marks a claim among the fields", () => {
    const fields = [{ label: "name", value: "Bob", claim: true }];
    expect(show({ review: reviewWith({ fields }) })).toContain('  name          "Bob" (claimed)');
  });

  test("renderSigning() shows calldata whole up to the limit, then its hash", () => {
    const bytes = (length: number): `0x${string}` => `0x${"ab".repeat(length)}`;
    const digits = (length: number) =>
      show({ review: reviewWith({ data: bytes(length) }) })
        .join("")
        .replaceAll(/[^ab]/g, "").length;
    const none = digits(0);
    expect(digits(limits.shownDataBytes) - none).toBeGreaterThanOrEqual(2 * limits.shownDataBytes);
    const long = bytes(limits.shownDataBytes + 5);
    const lines = show({ review: reviewWith({ data: long }) });
    const text = lines.join("").replaceAll(" ", "");
    expect(text).toContain("and5bytesthatarenotshown");
    expect(text).toContain(keccak256(long));
  });

  test("renderSigning() shows the selector alone", () => {
    const data = `0xa9059cbb${"00".repeat(31)}01` as const;
    expect(show({ review: reviewWith({ data }) })).toContain("  data          a9059cbb");
  });

  test("renderSigning() shows a word of calldata on one line of 80 columns", () => {
    const data = `0xa9059cbb${"12".repeat(32)}` as const;
    const lines = show({ review: reviewWith({ data }) });
    expect(lines.map((line) => line.trim())).toContain("12".repeat(32));
  });

  test("renderSigning() shows every byte, and no line wider than the screen", () => {
    const data =
      `0xa9059cbb${Array.from({ length: 64 }, (_, at) => at.toString(16).padStart(2, "0")).join("")}` as const;
    const long = "x".repeat(500);
    const fields = [
      { label: "to", value: `0x${"b".repeat(40)}`, claim: false },
      { label: `.${"path".repeat(30)}`, value: long, claim: true },
    ];
    const findings = [finding("critical", long), finding("info", "note")];
    for (let columns = 24; columns <= 200; columns++) {
      const size = { columns, rows: 1000, ascii: false };
      const question = transactionWith({ review: reviewWith({ data, fields, findings }) });
      for (const lines of [renderSigning(question, size), renderSummary(question, size)]) {
        for (const line of lines) expect(line.length, line).toBeLessThan(columns);
      }
      const digits = renderSigning(question, size).join("").replaceAll(/\s/g, "");
      expect(digits).toContain(data.slice(10));
    }
  });

  test("renderSigning() is ASCII where the screen is", () => {
    const question = transactionWith({
      caller: callerWith({ origin: "https://аррӏе.example" }),
      review: reviewWith({ findings: [finding("info", 'ignored field "é漢"')] }),
    });
    for (const line of renderSigning(question, { columns: 80, rows: 1000, ascii: true })) {
      expect(line).toMatch(/^[ -~]*$/);
    }
  });

  const places: readonly [string, (text: string) => readonly string[]][] = [
    ["origin", (origin) => show({ caller: callerWith({ origin }) })],
    ["user agent", (userAgent) => show({ caller: callerWith({ userAgent }) })],
    ["host", (host) => show({ caller: callerWith({ host }) })],
    ["remote address", (remote) => show({ caller: callerWith({ remote }) })],
    ["headline", (headline) => show({ review: reviewWith({ headline }) })],
    [
      "ignored field",
      (name) =>
        show({ review: reviewWith({ findings: [finding("info", `ignored field "${name}"`)] }) }),
    ],
    [
      "claimed field",
      (value) => show({ review: reviewWith({ fields: [{ label: "name", value, claim: true }] }) }),
    ],
    [
      "detail",
      (value) => show({ review: reviewWith({ details: [{ label: "d", value, claim: false }] }) }),
    ],
    [
      "origin at a listing",
      (origin) => renderListing({ ...listingOf(1), caller: callerWith({ origin }) }, medium),
    ],
  ];
  const cases = places.flatMap(([place, render]) =>
    hostileTexts.map(([what, text]) => [what, place, text, render] as const),
  );

  test.each(cases)(
    "renderSigning() keeps %s in the %s from looking like a row",
    (_, __, text, render) => {
      const lines = render(text);
      for (const line of lines) {
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(line.length).toBeLessThan(medium.columns);
      }
      expect(labelsOf(lines)).toEqual(labelsOf(render("x")));
    },
  );

  test("renderSigning() shows letters beyond ASCII in a claim as what they are", () => {
    const lines = show({ caller: callerWith({ origin: "https://\u0430pple.example" }) });
    expect(lines).toContain('  claims origin "https://<U+0430>pple.example"');
  });
});

describe("renderListing()", () => {
  test("renderListing() shows every account whole, with its checksum", () => {
    const text = renderListing(listingOf(3), medium).join("\n");
    expect(text).toContain("Tell the caller your 3 accounts");
    expect(text.match(/0x[0-9a-fA-F]{40}/g)).toHaveLength(3);
    expect(labelsOf(text.split("\n"))).toEqual([
      "LIST?",
      "asked by",
      "connection",
      "account 1",
      "account 2",
      "account 3",
    ]);
  });

  test("renderListing() asks even when there is nothing to tell", () => {
    expect(renderListing(listingOf(0), medium).join("\n")).toContain("your 0 accounts");
  });
});
