import { expect, test } from "vitest";
import { countWrong, findingLine, ok, warn, wrong } from "./doctor.ts";

const words = { ok: "ok", warn: "note", wrong: "fault" };

test.each([
  [ok("it is there"), "ok     it is there"],
  [warn("it is old"), "note   it is old"],
  [wrong("it is gone", "install it"), "fault  it is gone"],
])("findingLine() puts the word of %o into a column", (finding, line) => {
  expect(findingLine(words, finding.state, finding.what)).toBe(line);
});

test("countWrong() counts what has to be done, and no warnings", () => {
  expect(countWrong([ok("a"), warn("b", "c"), wrong("d", "e"), wrong("f", "g")])).toBe(2);
});
