import { expect, test } from "vitest";
import { findingLines, ok, verdictOn, warn, wrong } from "./doctor.ts";

test.each([
  [ok("it is there"), ["ok     it is there"]],
  [warn("it is old"), ["warn   it is old"]],
  [warn("it is old", "renew it"), ["warn   it is old", "       do: renew it"]],
  [wrong("it is gone", "install it"), ["WRONG  it is gone", "       do: install it"]],
])("findingLines() puts the word of %o into a column, and what to do below", (finding, lines) => {
  expect(findingLines(finding)).toEqual(lines);
});

test("verdictOn() counts what has to be done, and no warnings", () => {
  const findings = [ok("a"), warn("b", "c"), wrong("d", "e"), wrong("f", "g")];
  expect(verdictOn(findings)).toBe("2 of 4 checks failed");
  expect(verdictOn(findings.slice(0, 2))).toBeUndefined();
});
