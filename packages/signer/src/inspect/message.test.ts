import { expect, test } from "vitest";
import { addressOf } from "../domain/fakes.ts";
import { cliqueHeader } from "../signable/fakes.ts";
import { inspectMessage } from "./message.ts";
import { standardMethodsOf } from "./selectors.ts";

const account = { address: addressOf("a"), text: addressOf("a") };
const never = {
  ...{ sealedBefore: () => false, nowMs: 0, origin: "" },
  methodsOf: standardMethodsOf,
};
const header = cliqueHeader();

test("inspectMessage() shows a header's fields, and warns of a second one with its number", () => {
  const review = inspectMessage(header, never);
  expect(review.headline).toBe("Seal block 100 of a Clique network");
  expect(review.findings).toEqual([]);
  const shown = review.fields.map(({ value }) => value).join(" ");
  for (const { text } of header.fields) expect(shown).toContain(text);
  const [finding] = inspectMessage(header, { ...never, sealedBefore: () => true }).findings;
  expect(finding).toMatchObject({ severity: "warning", source: "cleft" });
});

test("inspectMessage() shows data for a validator in full, and says that it is blind", () => {
  const address = addressOf("b");
  const data = {
    ...({ tag: "validator", account } as const),
    message: new Uint8Array([1, 2]),
  };
  const review = inspectMessage({ ...data, validator: { address, text: address } }, never);
  expect(review.data).toBe("0x0102");
  expect(review.fields.map(({ label }) => label)).toEqual(["account", "contract", "length"]);
  expect(review.findings.map(({ message }) => message)).toEqual([
    "only the contract knows what this means: you would sign blind",
  ]);
  const validator = { address, text: `0x${"Bb".repeat(20)}` };
  expect(inspectMessage({ ...data, validator }, never).findings[0]).toMatchObject({
    ...{ severity: "warning", source: "clef" },
    message: "Invalid checksum on validator address",
  });
});
