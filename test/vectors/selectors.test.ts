import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type AbiValue, encodeArguments } from "../../packages/signer/src/inspect/abi/codec.ts";
import {
  type AbiType,
  parseMethod,
  signatureOf,
} from "../../packages/signer/src/inspect/abi/type.ts";
import { readCalldata } from "../../packages/signer/src/inspect/calldata.ts";
import { methodsAmong, selectorOfMethod } from "../../packages/signer/src/inspect/selectors.ts";
import { MethodFile } from "../../packages/signer/src/store/method-file.ts";
import { hasShared, root, shared } from "../support/shared.ts";
import { type Case, readVectors, same, testVectors, type Verdict } from "./tally.ts";

/** `npm run vectors` takes every line, `npm test` one of fifty. */
const step = ["slow", "vectors"].includes(process.env["CLEFT_TESTS"] ?? "") ? 1 : 50;

function pairs(): { readonly selector: string; readonly signature: string }[] {
  const lines = readFileSync(`${shared}/vectors/selectors/selectors.tsv`, "utf8").split("\n");
  return lines
    .filter((line, at) => line !== "" && !line.startsWith("#") && at % step === 0)
    .flatMap((line) => {
      const [selector = "", signatures = ""] = line.split("\t");
      return signatures.split(";").map((signature) => ({ selector, signature }));
    });
}

function cases(): Case[] {
  return pairs().map(({ selector, signature }) => ({
    name: signature,
    run: () => judge(signature, selector),
  }));
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

test.skipIf(!hasShared)(
  "the file of methods knows 19 of 20 by their selector",
  { timeout: 180_000 },
  async () => {
    const file = await MethodFile.open(`${root}packages/signer/dist/methods.bin`);
    const all = pairs();
    let found = 0;
    for (const { selector, signature } of all) {
      const known = methodsAmong(await file.near(selector))(selector);
      if (known.some(({ method }) => signatureOf(method) === signature)) found++;
    }
    await file.close();
    console.log(`vectors selectors/selectors.tsv: ${found} of ${all.length} are known`);
    expect(found / all.length).toBeGreaterThan(0.95);
  },
);

interface Collision {
  readonly selector: string;
  readonly signatures: readonly string[];
}

test.skipIf(!hasShared)("of methods with one selector, the one is taken that decodes", () => {
  const collisions = readVectors<Collision[]>("selectors/selector-collisions.json");
  expect(collisions).not.toEqual([]);
  for (const { selector, signatures } of collisions) {
    for (const signature of signatures) {
      const types = parseMethod(signature)?.types ?? [];
      const zeros = encodeArguments(types, types.map(zeroOf));
      const data = `0x${selector}${Buffer.from(zeros).toString("hex")}` as const;
      const read = readCalldata(data, undefined, methodsAmong(signatures));
      const names = read.kind === "decoded" && read.calls.map(({ method }) => signatureOf(method));
      expect(names).toEqual([signature]);
    }
  }
});

/** Of the types that the file has. */
function zeroOf({ kind }: AbiType): AbiValue {
  if (kind === "bool") return { kind, value: false };
  if (kind === "address") return { kind, value: `0x${"0".repeat(40)}` };
  return { kind: "number", value: 0n };
}
