import { AbiCoder, FunctionFragment, type ParamType } from "ethers";
import type { Draw } from "./tree.ts";
import { chance, count, hash, hexUpTo, list, pick } from "./values.ts";

/** Methods with arguments of all shapes; the signer knows them, or the caller names them. */
const signatures = [
  ...["transfer(address,uint256)", "approve(address,uint256)", "multicall(bytes[])"],
  ...["transferFrom(address,address,uint256)", "setApprovalForAll(address,bool)"],
  ...["aggregate((address,bytes)[])", "execute(bytes,bytes[],uint256)"],
  "safeBatchTransferFrom(address,address,uint256[],uint256[],bytes)",
  "swapExactTokensForTokens(uint256,uint256,address[],address,uint256)",
  "execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes)",
  ...[
    "f(uint8[][3][],(bool,(string,int24[])[]))",
    "f(string,bytes7,(uint256,(address,bytes)[])[2])",
  ],
];

/** Calldata of a method, and the method as its caller may name it. */
export interface DrawnCall {
  readonly data: string;
  readonly claimed: string | null;
}

/** Arguments as they should be, or with words that point anywhere, stuffed or cut. */
export function call(g: Draw): DrawnCall {
  const fragment = FunctionFragment.from(`function ${pick(g, ...signatures)}`);
  const { inputs, selector } = fragment;
  const encoded = AbiCoder.defaultAbiCoder().encode(
    inputs,
    inputs.map((type) => drawValue(g, type)),
  );
  const words = encoded.slice(2).match(/.{64}/g) ?? [];
  const claimed = chance(g, 50) ? fragment.format("sighash") : null;
  return { data: selector + (chance(g, 50) ? words : hostile(g, words)).join(""), claimed };
}

function drawValue(g: Draw, type: ParamType): unknown {
  if (type.arrayChildren !== null) {
    const { arrayChildren: of, arrayLength: length } = type;
    const item = () => drawValue(g, of);
    return length === null || length < 0 ? list(g, 4, item) : Array.from({ length }, item);
  }
  if (type.components !== null) return type.components.map((inner) => drawValue(g, inner));
  switch (type.type) {
    case "bool":
      return chance(g, 50);
    case "string":
      return "aé\n\u202e😀".repeat(count(g, 30));
    case "bytes":
      return hexUpTo(g, 90);
    case "address":
      return hash(g).slice(0, 42);
    case "bytes7":
      return hash(g).slice(0, 16);
    default:
      // Of the width of the least of them.
      return count(g, 127);
  }
}

function hostile(g: Draw, words: readonly string[]): string[] {
  const at = count(g, Math.max(0, words.length - 1));
  const places = [0, 31, 32, 64, 32 * words.length - 32, 32 * words.length, 2 ** 31].map((n) =>
    n.toString(16).padStart(64, "0"),
  );
  const bad = pick(g, ...places, ...places, "f".repeat(64), hash(g).slice(2));
  switch (count(g, 4)) {
    case 0:
      return words.slice(0, at);
    case 1:
      return [...words, bad];
    case 2:
      return [...words, pick(g, "00", bad.slice(0, 62))];
    case 3:
      // Everything points to one place.
      return words.map((word) => (word.startsWith("0".repeat(56)) ? bad : word));
    default:
      return words.toSpliced(at, 1, bad);
  }
}
