import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answering } from "./answers.ts";
import { draw } from "./bodies.ts";
import { heldMaxMs, Measured } from "./measured.ts";
import { Tally } from "./tally.ts";

// The real program is asked random things for a while: it always answers, nothing ends it, and no
// request holds its main thread for long, because everybody else waits meanwhile.

const timeMs = process.env["CLEFT_TESTS"] === "slow" ? 600_000 : 60_000;

let measured: Measured;

beforeAll(async () => {
  measured = await Measured.start();
});

afterAll(() => measured?.remove());

test(
  "whatever is asked is answered, and no request holds the main thread for long",
  async () => {
    const tally = new Tally();
    const { window } = measured.signer;
    const property = fc.asyncProperty(fc.gen(), async (g) => {
      const { kind, body, answers } = draw(g);
      window.answerer = answering(answers);
      window.messages.length = 0;
      const { heldMs, outcome } = await measured.heldBy(body);
      const isAsked = window.messages.some(({ method }) => method?.startsWith("ui_approve"));
      tally.add(kind, { isAsked, outcome, heldMs });
      const start = body.toString("utf8", 0, 400);
      expect(heldMs, `${body.length} bytes: ${start}`).toBeLessThanOrEqual(heldMaxMs);
    });
    const endless = { numRuns: 1_000_000_000, markInterruptAsFailure: false };
    try {
      await fc.assert(property, { ...endless, interruptAfterTimeLimit: timeMs });
    } finally {
      console.log(tally.lines.join("\n"));
    }
    await measured.end();
  },
  2 * timeMs,
);
