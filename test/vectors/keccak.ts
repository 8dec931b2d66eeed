import { createRequire } from "node:module";
import { root } from "../support/shared.ts";

/** The signer's own copy of the hash: the one of the root belongs to viem. */
const path = createRequire(`${root}packages/signer/package.json`).resolve("@noble/hashes/sha3.js");
const library: { readonly keccak_256: (bytes: Uint8Array) => Uint8Array } = await import(path);

export const { keccak_256 } = library;
