import { describe, expect, it } from "vitest";
import { addressOf, FakeClock } from "../domain/fakes.ts";
import { limits } from "../domain/limits.ts";
import { RecordedFrames } from "./frames.ts";
import { type Entry, encodeRecord, firstLink, parseRecord } from "./record.ts";

const intent: Entry = {
  type: "intent",
  request: "r",
  caller: "qube:work",
  method: "account_signData",
  frame: "f",
  account: addressOf("1"),
  kind: "text",
  preimage: "0x",
  decider: "person",
  shown: "x",
};

function recordOf(entry: Entry, atMs: number) {
  const record = parseRecord(encodeRecord(entry, firstLink, atMs).subarray(0, -1));
  return record ?? expect.fail();
}

describe("RecordedFrames", () => {
  it("has the frames of intents and creations, by caller", () => {
    const frames = new RecordedFrames(new FakeClock());
    frames.follow(intent);
    expect(frames.has("qube:work", "f")).toBe(true);
    expect(frames.has("qube:work", "g")).toBe(false);
    expect(frames.has("qube:personal", "f")).toBe(false);
  });

  it("has those of a ledger that is opened, and not those of long ago", () => {
    const clock = new FakeClock();
    const frames = new RecordedFrames(clock);
    frames.see(recordOf({ ...intent, frame: "old" }, clock.now() - limits.framesRememberedMs - 1));
    frames.see(recordOf({ ...intent, frame: "new" }, clock.now() - limits.framesRememberedMs));
    frames.see(recordOf({ ...intent, frame: "ahead" }, clock.now() + 3_600_000));
    expect(["old", "new", "ahead"].map((id) => frames.has("qube:work", id))).toEqual([
      false,
      true,
      true,
    ]);
  });

  it("sees nothing in records without a frame, or that touch no key", () => {
    const frames = new RecordedFrames(new FakeClock());
    const { frame: _, ...without } = intent;
    frames.see(recordOf(without, 0));
    frames.follow({
      type: "listing",
      request: "r",
      caller: "qube:work",
      method: "m",
      frame: "f",
      accounts: [],
    });
    expect(frames.has("qube:work", "f")).toBe(false);
  });

  it("forgets what has become old", () => {
    const clock = new FakeClock();
    const frames = new RecordedFrames(clock);
    frames.follow(intent);
    clock.advance(limits.framesRememberedMs + 1);
    frames.follow({ ...intent, frame: "g" });
    expect(frames.has("qube:work", "f")).toBe(false);
    expect(frames.has("qube:work", "g")).toBe(true);
  });
});
