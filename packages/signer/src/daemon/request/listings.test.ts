import { expect, test } from "vitest";
import { addressOf, callerWith, FakeClock } from "../../domain/fakes.ts";
import { limits } from "../../domain/limits.ts";
import { Listings } from "./listings.ts";

const accounts = ["a", "b"].map((digit) => ({
  address: addressOf(digit),
  url: `keystore://${digit}`,
}));
const chosen = [addressOf("a")];
const caller = callerWith({ userAgent: "geth" });

function setUp(ttlMs = 1000) {
  const clock = new FakeClock();
  const state = { generation: 1 };
  const listings = new Listings({ ttlMs, clock, generation: () => state.generation });
  listings.remember(caller, accounts, chosen);
  return { clock, state, listings };
}

test("recall() gives a caller what a person chose, whatever port it comes from", () => {
  const { listings, clock } = setUp();
  clock.advance(999);
  const again = callerWith({ userAgent: "geth", remote: "127.0.0.1:6000" });
  expect(listings.recall(again, accounts)).toEqual(chosen);
});

test("recall() forgets when the time is over", () => {
  const { listings, clock } = setUp();
  clock.advance(1000);
  expect(listings.recall(caller, accounts)).toBeUndefined();
});

test("recall() knows nothing with a time of 0, as Clef", () => {
  expect(setUp(0).listings.recall(caller, accounts)).toBeUndefined();
});

test("recall() asks anew once there are other accounts, or the policy changed", () => {
  const { listings, state } = setUp();
  expect(listings.recall(caller, accounts.slice(1))).toBeUndefined();
  expect(listings.recall(caller, [])).toBeUndefined();
  state.generation++;
  expect(listings.recall(caller, accounts)).toBeUndefined();
});

test.each([
  { userAgent: "other" },
  { userAgent: "geth", origin: "https://x" },
  { userAgent: "geth", host: "h" },
])("recall() asks anew for a caller that says %j of itself", (claims) => {
  expect(setUp().listings.recall(callerWith(claims), accounts)).toBeUndefined();
});

test("remember() keeps a bounded number of callers, the latest ones", () => {
  const { listings } = setUp();
  for (let at = 0; at < limits.listingsRemembered; at++) {
    listings.remember(callerWith({ userAgent: `x${at}` }), accounts, chosen);
  }
  expect(listings.recall(caller, accounts)).toBeUndefined();
  expect(listings.recall(callerWith({ userAgent: "x0" }), accounts)).toEqual(chosen);
});
