import { toHex } from "@cleft/protocol/hex.ts";
import { checksummed, parseAddress, spellingOf } from "../../packages/signer/src/domain/address.ts";
import { parseMethod, signatureOf } from "../../packages/signer/src/inspect/abi/type.ts";
import { selectorOf } from "../../packages/signer/src/inspect/selectors.ts";
import { hasShared } from "../support/shared.ts";
import { keccak_256 } from "./keccak.ts";
import { curve, hexBytes } from "./signing.ts";
import { type Case, readVectors, same, testVectors, type Verdict } from "./tally.ts";

interface Account {
  readonly name: string;
  readonly privateKey?: string;
  readonly address: string;
  readonly checksumAddress?: string;
}

/** The address as it is shown: of a key where there is one, and of the text. */
function judgeAccount({ privateKey, address, checksumAddress = address }: Account): Verdict {
  const parsed = parseAddress(address);
  if (parsed === undefined) return { wrong: `${address} was refused` };
  const own = privateKey === undefined ? parsed : curve.accountOf(hexBytes(privateKey));
  if (own !== parsed) return { wrong: `expected ${parsed}, got ${own}` };
  if (spellingOf(checksumAddress, parsed) !== "checksummed") return { wrong: "wrong spelling" };
  return same(checksummed(parsed), checksumAddress);
}

function accountCases(file: string): Case[] {
  return readVectors<Account[]>(file).map((account) => ({
    name: account.name,
    run: () => judgeAccount(account),
  }));
}

interface Recorded {
  readonly test: string | null;
  readonly fn: string;
  readonly args: readonly unknown[];
  readonly result?: unknown;
}

function judgeViem({ fn, args, result }: Recorded): Verdict {
  const text = String(args[0]);
  switch (fn) {
    case "getAddress":
      // With a chain it is EIP-1191, which no window shows.
      if (args.length > 1) return { refused: "helper of viem" };
      return same(shownOf(text), result === undefined ? undefined : String(result));
    case "isAddress":
      return same(String(addressOf(text) !== undefined), String(result));
    case "keccak256":
      return typeof args[0] === "string" && args.length === 1
        ? same(toHex(keccak_256(hexBytes(text))), String(result))
        : { refused: "helper of viem" };
    case "toSignature":
    case "toSignatureHash":
    case "normalizeSignature":
      return judgeSignature(text, String(result));
    default:
      return { refused: "helper of viem" };
  }
}

function shownOf(text: string): string | undefined {
  const address = parseAddress(text);
  return address === undefined ? undefined : checksummed(address);
}

/** viem refuses a wrong checksum at once; we parse it and say that it is wrong. */
function addressOf(text: string): string | undefined {
  const address = parseAddress(text);
  if (address === undefined || spellingOf(text, address) === "wrong") return undefined;
  return checksummed(address);
}

/** Only signatures in their canonical form; viem's also have names, spaces and modifiers. */
function judgeSignature(text: string, result: string): Verdict {
  const method = parseMethod(text);
  if (method === undefined) return { refused: "helper of viem" };
  const signature = signatureOf(method);
  return same(
    result.length === 66 ? `0x${selectorOf(signature)}` : signature,
    result.length === 66 ? result.slice(0, 10) : result,
  );
}

testVectors(
  [
    {
      file: "addresses/ethers-v6-accounts.json",
      passesMin: 166,
      cases: () => accountCases("addresses/ethers-v6-accounts.json"),
    },
    {
      file: "addresses/ethers-v5-accounts.json",
      passesMin: 400,
      cases: () => accountCases("addresses/ethers-v5-accounts.json"),
    },
    {
      file: "addresses/ethers-v6-hashes.json",
      passesMin: 257,
      cases: () =>
        readVectors<{ name: string; data: string; keccak256: string }[]>(
          "addresses/ethers-v6-hashes.json",
        ).map(({ name, data, keccak256 }) => ({
          name,
          run: () => same(toHex(keccak_256(hexBytes(data))), keccak256),
        })),
    },
    {
      file: "addresses/viem-recorded.json",
      passesMin: 25,
      cases: () =>
        readVectors<Recorded[]>("addresses/viem-recorded.json").map((call) => ({
          name: `${call.fn} ${call.test}`,
          run: () => judgeViem(call),
        })),
    },
  ],
  { skip: !hasShared },
);
