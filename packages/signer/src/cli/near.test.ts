import { expect, test } from "vitest";
import { nearestOf } from "./near.ts";

const known = ["chain", "chains", "keystore", "light_kdf", "http.port", "http.addr"];

test.each([
  ["chian", "chain"],
  ["cahins", "chains"],
  ["chaiins", "chains"],
  ["Chain", "chain"],
  ["key_store", "keystore"],
  ["light-kdf", "light_kdf"],
  ["http.prt", "http.port"],
])("nearestOf() takes %s for %s", (written, name) => {
  expect(nearestOf(written, known)).toBe(name);
});

test.each(["", "x", "frobnicate", "http", "keystores.x"])(
  "nearestOf() takes %j for nothing",
  (written) => {
    expect(nearestOf(written, known)).toBeUndefined();
  },
);

test("nearestOf() isn't slowed down by a long name", () => {
  expect(nearestOf("c".repeat(10_000_000), known)).toBeUndefined();
});
