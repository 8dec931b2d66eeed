import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { reasonOf } from "./system-reason.ts";

test("reasonOf() says in words what the system refused", async () => {
  const unread = await readFile("/nowhere").catch((error: unknown) => error);
  expect(reasonOf(unread)).toBe("it isn't there");
  const unreached = await new Promise((resolve) => connect({ path: "/" }).on("error", resolve));
  expect(reasonOf(unreached)).toBe("nobody listens there");
});

test.each([
  [Object.assign(new Error("EXYZ: odd"), { code: "EXYZ" }), "EXYZ: odd"],
  [new Error("it is no file"), "it is no file"],
  ["thrown", "thrown"],
])("reasonOf() leaves %o as it is", (error, reason) => {
  expect(reasonOf(error)).toBe(reason);
});
