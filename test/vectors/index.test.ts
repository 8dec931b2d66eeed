import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { readSource } from "../architecture/imports.ts";
import { hasShared, root, shared } from "../support/shared.ts";

/** Folders and files that no runner reads, and why. */
const notRun: Readonly<Record<string, string>> = {
  "dapp/": "whole pages of requests: with the eth_ API",
  "erc7730/": "clear signing: with its renderer",
  "hd/": "mnemonics and derivation: with that key source",
  "lists/": "names of chains and tokens: with the screens that show them",
  "malicious/": "hostile texts: with each screen's own tests",
  "addresses/ethers-v6-create2.json": "the signer computes no address of a contract",
  "jsonrpc/execution-apis-sign.yaml": "a schema of the eth_ API",
  "jsonrpc/geth-rpc-scripts.json":
    "methods of a test server; envelopes have untrusted/rpc/envelope.test.ts",
  "keystore/geth-dir/": "read with geth-dir.expected.json",
  "INDEX.md": "the list itself",
  "NOTICES.txt": "licences",
};

test.skipIf(!hasShared)(
  "every file of the folder is read by a runner or named here with a reason",
  () => {
    const runners = ["", "transactions/", "typed-data/"].flatMap((folder) =>
      readdirSync(`${root}test/vectors/${folder}`)
        .filter((name) => name.endsWith(".ts") && name !== "index.test.ts")
        .map((name) => readSource(`${root}test/vectors`, folder + name)),
    );
    const isRead = (path: string) =>
      runners.some((source) =>
        source.includes(path.replace(/^transactions\/trezor-|\.json$/g, "")),
      );
    const isNamed = (path: string) => Object.keys(notRun).some((name) => path.startsWith(name));
    const files = readdirSync(`${shared}/vectors`, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => `${parentPath}/${name}`.slice(`${shared}/vectors/`.length));
    expect(files.length).toBeGreaterThan(50);
    expect(files.filter((path) => !isRead(path) && !isNamed(path))).toEqual([]);
  },
);
