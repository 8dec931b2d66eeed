import { afterAll, beforeAll, expect, test } from "vitest";
import { answering } from "./answers.ts";
import { decoded } from "./largest/calldata.ts";
import { largest } from "./largest/largest.ts";
import { heldMaxMs, Measured } from "./measured.ts";

// What chance hardly finds: of each kind the largest that is taken, and what is just too large.

let measured: Measured;

beforeAll(async () => {
  measured = await Measured.start();
});

afterAll(() => measured?.remove());

test.each(Object.keys(largest))(
  "%s as large as may be is answered, and doesn't hold the main thread for long",
  async (name) => {
    const body = Buffer.from(largest[name]?.() ?? "");
    const { window } = measured.signer;
    // Whoever changes something also says yes: what comes behind the question is looked at, too.
    for (const answers of ["no", "change"] as const) {
      window.answerer = answering(answers);
      window.messages.length = 0;
      const { heldMs } = await measured.heldBy(body);
      expect(heldMs, answers).toBeLessThanOrEqual(heldMaxMs);
      const isDecoded = JSON.stringify(window.messages).includes("invokes the following method");
      expect(isDecoded).toBe(decoded.includes(name));
      if (window.messages.length === 0) return;
    }
  },
  60_000,
);

test("the signer is none the worse for it", () => measured.end());
