import { parseJson } from "@cleft/protocol/json.ts";
import { TypedDataEncoder } from "ethers";
import fc from "fast-check";
import { TypedData as OxTypedData } from "ox";
import { hashTypedData, type TypedDataDefinition } from "viem";
import { expect, test } from "vitest";
import { addressOf } from "../packages/signer/src/domain/fakes.ts";
import { hashOf } from "../packages/signer/src/domain/hash.ts";
import { limits } from "../packages/signer/src/domain/limits.ts";
import {
  parseTypedData,
  typedDataPreimage,
} from "../packages/signer/src/signable/typed-data/typed-data.ts";
import { textOf, typedData } from "./support/typed-data.ts";

test("random typed data has the digest that ethers, viem and ox sign", () => {
  fc.assert(
    fc.property(typedData, (drawn) => {
      const json = parseJson(textOf(drawn), limits.json);
      const account = { address: addressOf("a"), text: addressOf("a") };
      const digest = hashOf(typedDataPreimage(parseTypedData(account, json)));
      const { EIP712Domain: _, ...types } = drawn.types;
      expect(digest).toBe(TypedDataEncoder.hash(drawn.domain, types, drawn.message));
      expect(digest).toBe(hashTypedData(drawn as unknown as TypedDataDefinition));
      expect(digest).toBe(OxTypedData.getSignPayload(drawn as unknown as OxTypedData.Definition));
    }),
    { numRuns: process.env["CLEFT_TESTS"] === "slow" ? 10_000 : 300 },
  );
});
