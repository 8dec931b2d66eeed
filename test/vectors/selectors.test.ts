import { readFileSync } from "node:fs";
import { parseMethod } from "../../packages/signer/src/inspect/abi/type.ts";
import { selectorOfMethod } from "../../packages/signer/src/inspect/selectors.ts";
import { hasShared, shared } from "../support/shared.ts";
import { type Case, same, testVectors, type Verdict } from "./tally.ts";

/** `npm run vectors` takes every line, `npm test` one of fifty. */
const step = ["slow", "vectors"].includes(process.env["CLEFT_TESTS"] ?? "") ? 1 : 50;

function cases(): Case[] {
  const lines = readFileSync(`${shared}/vectors/selectors/selectors.tsv`, "utf8").split("\n");
  return lines
    .filter((line, at) => line !== "" && !line.startsWith("#") && at % step === 0)
    .flatMap((line) => {
      const [selector = "", signatures = ""] = line.split("\t");
      return signatures.split(";").map((signature) => ({
        name: signature,
        run: () => judge(signature, selector),
      }));
    });
}

/** The parser reads a signature as it was hashed, or refuses it; it never reads another one. */
function judge(signature: string, selector: string): Verdict {
  const method = parseMethod(signature);
  if (method === undefined) return { refused: "no ABI type" };
  return same(selectorOfMethod(method), selector.replace(/^0x/, ""));
}

testVectors([{ file: "selectors/selectors.tsv", passesMin: Math.floor(120_000 / step), cases }], {
  skip: !hasShared,
});
