import { expect, test } from "vitest";
import { checksummed } from "../domain/address.ts";
import { addressOf } from "../domain/fakes.ts";
import type { Review } from "../domain/review.ts";
import { labelled } from "./labelled.ts";
import { field } from "./review-field.ts";

const [own, other] = [addressOf("a"), addressOf("b")];
const labels = new Map([[own, "Savings"]]);
const review = (fields: Review["fields"]): Review => ({
  ...{
    headline: "h",
    findings: [],
    details: [],
    data: "0x",
    confirmation: { text: "0000", at: "to" },
  },
  fields,
});

test("labelled() says the operator's name behind an address that stands alone", () => {
  const { fields } = labelled(
    review([field("from", checksummed(own)), field("to", checksummed(other))]),
    labels,
  );
  expect(fields).toEqual([
    field("from", `${checksummed(own)} (your "Savings")`),
    field("to", checksummed(other)),
  ]);
});

test("labelled() leaves claims and longer texts alone", () => {
  const asked = review([
    { label: "call", value: checksummed(own), claim: true },
    field("text", `pay ${checksummed(own)}`),
  ]);
  expect(labelled(asked, labels)).toEqual(asked);
  expect(labelled(asked, new Map())).toBe(asked);
});
