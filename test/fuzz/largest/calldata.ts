import { limits } from "../../../packages/signer/src/domain/limits.ts";
import { addressAt, type Bodies, callOf, fill, listOf, room, sign, word } from "./parts.ts";

const called = (signature: string, body: (words: number) => string) =>
  sign({ data: callOf(signature, body) }, signature);
/** A list of items that all point behind it, where another list stands. */
const pointing = () =>
  word(32) + word(40) + fill(word(32 * 40), 64 * 40) + listOf(() => word(7), 40)().slice(64);

/** As many items as are read, all of which point to one place, as long as may be. */
const copied = (words: number) => {
  const count = limits.abiValuesMax - 50;
  const long = 32 * (words - count - 4);
  return (
    word(32) + word(count) + fill(word(32 * count), 64 * count) + word(long) + fill("ab", 2 * long)
  );
};

/** Calls whose arguments take long to be taken apart, if anything does. */
export const calldata: Bodies = {
  "f(address[])": () =>
    called(
      "f(address[])",
      listOf((at) => addressAt(at).slice(2).padStart(64, "0")),
    ),
  "f(uint256[])": () =>
    called(
      "f(uint256[])",
      listOf((at) => "f".repeat(60) + word(at).slice(60)),
    ),
  "f(int256[])": () =>
    called(
      "f(int256[])",
      listOf(() => "8".repeat(64)),
    ),
  "f(bool[])": () =>
    called(
      "f(bool[])",
      listOf((at) => word(at % 2)),
    ),
  "f(uint256[]) of more than are read": () =>
    called("f(uint256[])", (words) => word(32) + word(words - 2) + fill(word(1), 64 * (words - 2))),
  "f(uint256[1000][2])": () => called("f(uint256[1000][2])", () => "f".repeat(64 * 2000)),
  "f(bytes)": () =>
    called("f(bytes)", (words) => word(32) + word(32 * (words - 2)) + fill("ab", 64 * (words - 2))),
  "f(string)": () =>
    called(
      "f(string)",
      (words) => word(32) + word(32 * (words - 2)) + fill("0a", 64 * (words - 2)),
    ),
  "f(bytes[]) of one place": () =>
    called(
      "f(bytes[])",
      (words) =>
        word(32) + word(words - 3) + fill(word(32 * (words - 3)), 64 * (words - 3)) + word(0),
    ),
  "f(bytes[]) of one long place": () =>
    called("f(bytes[])", (words) => {
      return copied(words);
    }),
  "f(string[]) of one long place": () =>
    called("f(string[])", (words) => {
      return copied(words);
    }),
  "f(uint256[][])": () => called("f(uint256[][])", pointing),
  "f(uint8[][][][][][][][])": () => called("f(uint8[][][][][][][][])", pointing),
  "f((address,bytes)[])": () =>
    called(
      "f((address,bytes)[])",
      () => word(32) + word(600) + fill(word(600 * 32), 64 * 600) + word(1) + word(64) + word(0),
    ),
  "stuffed transfer": () =>
    sign({ data: callOf("transfer(address,uint256)", (words) => fill(word(1), 64 * words)) }),
  "no signature": () => sign({ data: "0x12345678" }, fill("(", 4096)),
  "long signature": () =>
    sign(
      {
        data: callOf(`f(${fill("uint256[9999],", 4000)}bool)`, (words) =>
          fill(word(1), 64 * words),
        ),
      },
      `f(${fill("uint256[9999],", 4000)}bool)`,
    ),
  "too long signature": () => sign({ data: "0x12345678" }, fill("(", room)),
};

/** Those that are taken apart, all of their values. */
export const decoded: readonly string[] = [
  ...["f(address[])", "f(uint256[])", "f(int256[])", "f(bool[])", "f(uint256[1000][2])"],
  ...["f(bytes)", "f(string)"],
];
