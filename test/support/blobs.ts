import type { Hex } from "viem";

/** A blob of zeros and the point at infinity, which is its commitment and its proof. */
export const zeroBlob: Hex = `0x${"00".repeat(131_072)}`;
export const infinity: Hex = `0xc0${"00".repeat(47)}`;
export const zeroHash: Hex = "0x010657f37554c781402a22917dee2f75def7ab966d7b770905398eba3c444014";

/** A blob in which every number counts, which takes seconds to commit to. */
export const fullBlob: Hex = `0x${Array.from({ length: 4096 }, (_, at) =>
  (at * 7919 + 12_345).toString(16).padStart(62, "37").padStart(64, "0"),
).join("")}`;

/** The same point several times. */
export const points = (count: number): Hex[] => Array.from({ length: count }, () => infinity);
