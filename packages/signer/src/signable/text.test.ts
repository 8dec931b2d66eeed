import { toHex } from "@cleft/protocol/hex.ts";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { hashMessage as ethersHash } from "ethers";
import fc from "fast-check";
import { hashMessage as viemHash } from "viem";
import { expect, test } from "vitest";
import { textPreimage } from "./text.ts";

test("textPreimage() hashes to what viem and ethers sign", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 1200 }), (message) => {
      const hash = toHex(keccak_256(textPreimage(message)));
      expect(hash).toBe(ethersHash(message));
      expect(hash).toBe(viemHash({ raw: message }));
    }),
  );
});
