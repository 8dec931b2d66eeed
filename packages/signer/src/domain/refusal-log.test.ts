import { expect, test } from "vitest";
import { FakeClock, FakeLog } from "./fakes.ts";
import { limits } from "./limits.ts";
import { RefusalLog } from "./refusal-log.ts";

test("RefusalLog.tell() tells so many of a caller in a while, and then how many more there were", () => {
  const [log, clock] = [new FakeLog(), new FakeClock()];
  const refusals = new RefusalLog({ log, clock });
  const { refusalLinesMax: max } = limits;
  for (let at = 0; at < max + 5; at++) refusals.tell("qube:work", "warn", { code: "x" });
  expect(log.lines).toHaveLength(max + 1);
  expect(log.lines.at(-1)).toBe("warn More refusals of this caller are only counted for a while");
  refusals.tell("qube:personal", "info", {});
  expect(log.lines.at(-1)).toBe("info Refused");
  clock.advance(limits.refusalLinesMs);
  refusals.tell("qube:work", "warn", {});
  expect(log.lines.slice(-2)).toEqual(["warn Refusals were only counted", "warn Refused"]);
  expect(log.fields.at(-2)).toEqual({ caller: "qube:work", more: 5 });
});
