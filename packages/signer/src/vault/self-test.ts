import type { Signature } from "../domain/signature.ts";
import type { Curve } from "./curve.ts";

/** Key 1 signs a fixed digest: what any implementation of RFC 6979 gives for it. */
const knownAnswer: Signature & { readonly account: string } = {
  account: "0x7e5f4552091a69125d5dfcb7b8c2659029395bdf",
  r: "0xe7c93726a865578504442b1a6827f676e0ed74bdff2be3960d1e253bbcfc4462",
  s: "0x6aa772b878bc912bdbb33a0014ec507c4b3896ea85aa914b74dee9b7ac3e56da",
  yParity: 1,
};

/** Checks both libraries before the first real key. @throws Error when one is wrong */
export function selfTest({ curve }: { readonly curve: Curve }): void {
  const key = new Uint8Array(32);
  key[31] = 1;
  const digest = new Uint8Array(32).fill(0x11);
  const signature = curve.sign(Uint8Array.from(key), digest);
  const right =
    curve.accountOf(Uint8Array.from(key)) === knownAnswer.account &&
    curve.recover(digest, signature) === knownAnswer.account &&
    signature.r === knownAnswer.r &&
    signature.s === knownAnswer.s &&
    signature.yParity === knownAnswer.yParity;
  if (!right) throw new Error("the curve libraries failed their self-test");
}
