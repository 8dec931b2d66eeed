import { Wallet } from "ethers";
import fc from "fast-check";
import { expect, test } from "vitest";
import { failure } from "../../domain/fakes.ts";
import { recoverSigner } from "./ec-recover.ts";

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.slice(2), "hex"));

test("recoverSigner() finds whoever ethers signed for", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array(),
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      async (message, key) => {
        fc.pre(key[0] !== 0xff && key.some((byte) => byte > 0));
        const wallet = new Wallet(`0x${Buffer.from(key).toString("hex")}`);
        const signature = bytes(await wallet.signMessage(message));
        await expect(recoverSigner({ message, signature })).resolves.toBe(
          wallet.address.toLowerCase(),
        );
      },
    ),
    { numRuns: 30 },
  );
});

const signatureWith = (v: number, fill = 1) => {
  const signature = new Uint8Array(65).fill(fill);
  signature[64] = v;
  return signature;
};

test.each([
  [new Uint8Array(0), "signature must be 65 bytes long"],
  [new Uint8Array(64), "signature must be 65 bytes long"],
  [new Uint8Array(66), "signature must be 65 bytes long"],
  [signatureWith(0), "invalid Ethereum signature (V is not 27 or 28)"],
  [signatureWith(29), "invalid Ethereum signature (V is not 27 or 28)"],
  [signatureWith(27, 0), "recovery failed"],
  [signatureWith(28, 0xff), "recovery failed"],
])("recoverSigner() refuses a signature that is none (case %#)", async (signature, message) => {
  const refused = recoverSigner({ message: new Uint8Array(3), signature });
  await expect(refused).rejects.toMatchObject(failure("signature.refused", message));
});
