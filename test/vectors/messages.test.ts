import { toHex } from "@cleft/protocol/hex.ts";
import { checksummed } from "../../packages/signer/src/domain/address.ts";
import { textPreimage } from "../../packages/signer/src/signable/text.ts";
import { hasShared } from "../support/shared.ts";
import { keccak_256 } from "./keccak.ts";
import { curve, flat, hexBytes, parts, signPreimage } from "./signing.ts";
import { type Case, readVectors, same, testVectors, type Verdict } from "./tally.ts";

/** What a text message signs (EIP-191, version 0x45). */
type TextPreimage = (text: Uint8Array) => Uint8Array;

function withText(judge: (preimage: TextPreimage) => Verdict): () => Verdict {
  return () => judge(textPreimage);
}

/** A message as the files have it: text, bytes, hex that is marked, or a number. */
function messageBytes(message: unknown): Uint8Array {
  if (typeof message === "object" && message !== null) {
    if ("$bytes" in message) return hexBytes(String(message.$bytes));
    if ("raw" in message) return messageBytes(message.raw);
  }
  const given = String(message);
  return /^0x(?:[0-9a-fA-F]{2})*$/.test(given) ? hexBytes(given) : Buffer.from(given);
}

function signText(preimage: TextPreimage, key: Uint8Array, message: Uint8Array): string {
  return flat(signPreimage(key, preimage(message)));
}

function recoverText(preimage: TextPreimage, message: Uint8Array, signature: string) {
  return curve.recover(keccak_256(preimage(message)), parts(signature));
}

interface Recorded {
  readonly test: string | null;
  readonly fn: string;
  readonly args: readonly unknown[];
  readonly result?: unknown;
  readonly throws?: unknown;
}

interface Arguments {
  readonly privateKey?: unknown;
  readonly data?: unknown;
  readonly message?: unknown;
  readonly signature?: unknown;
  readonly hash?: unknown;
}

function judgeSigUtil({ fn, args, result }: Recorded): () => Verdict {
  const [{ privateKey, data, signature } = {}] = args as readonly Arguments[];
  if (result === undefined) return () => ({ refused: "API of the library" });
  const message = messageBytes(data);
  switch (fn) {
    case "personalSign":
      return withText((preimage) =>
        same(signText(preimage, messageBytes(privateKey), message), String(result)),
      );
    case "recoverPersonalSignature":
      return withText((preimage) =>
        same(recoverText(preimage, message, String(signature)), String(result).toLowerCase()),
      );
    default:
      return () => ({ refused: "API of the library" });
  }
}

function judgeViem({ fn, args, result }: Recorded): () => Verdict {
  const [first] = args as readonly (Arguments | undefined)[];
  const expected = viemResult(result);
  if (result === undefined) return () => ({ refused: "helper of viem" });
  switch (fn) {
    case "toPrefixedMessage":
      return withText((preimage) => same(toHex(preimage(viemBytes(args[0]))), expected));
    case "hashMessage":
      return withText((preimage) =>
        same(toHex(keccak_256(preimage(viemBytes(args[0])))), expected),
      );
    case "signMessage":
      return withText((preimage) =>
        same(
          signText(preimage, messageBytes(first?.privateKey), viemBytes(first?.message)),
          expected,
        ),
      );
    case "recoverMessageAddress":
      return withText((preimage) => {
        if (typeof first?.signature !== "string") return { refused: "helper of viem" };
        const signer = recoverText(preimage, viemBytes(first.message), first.signature);
        return same(signer === undefined ? undefined : checksummed(signer), expected);
      });
    default:
      return () => ({ refused: "helper of viem" });
  }
}

/** What viem gave: hex, or the bytes that it was asked for. */
function viemResult(result: unknown): string {
  return typeof result === "object" && result !== null && "$bytes" in result
    ? String(result.$bytes)
    : String(result);
}

/** viem's text is always text; bytes and hex are marked as raw. */
function viemBytes(message: unknown): Uint8Array {
  return typeof message === "string" ? Buffer.from(message) : messageBytes(message);
}

interface Web3js {
  readonly validHashMessageData: readonly (readonly [string, string])[];
  readonly signatureRecoverData: readonly (readonly [
    string,
    {
      readonly r: string;
      readonly s: string;
      readonly address: string;
      readonly privateKey: string;
    },
  ])[];
  readonly validRecover: readonly unknown[];
}

function web3Cases(): Case[] {
  const all = readVectors<Web3js>("transactions/web3js-sign-recover.json");
  return [
    ...all.validHashMessageData.map(([message, hash]) => ({
      name: `hash ${message}`,
      run: withText((preimage) => same(toHex(keccak_256(preimage(messageBytes(message)))), hash)),
    })),
    ...all.signatureRecoverData.map(([message, { r, s, privateKey }]) => ({
      name: `sign ${message}`,
      run: withText((preimage) => {
        const signed = signText(preimage, hexBytes(privateKey), messageBytes(message));
        return same(signed.slice(0, 130), `${r}${s.slice(2)}`);
      }),
    })),
    ...all.validRecover.map((_, at) => ({
      name: `recover ${at}`,
      run: () => ({ refused: "no expectation" }) as const,
    })),
  ];
}

testVectors(
  [
    {
      file: "messages/eth-sig-util-personal-sign.json",
      passesMin: 4,
      cases: () =>
        readVectors<Recorded[]>("messages/eth-sig-util-personal-sign.json").map((call) => ({
          name: `${call.fn} ${call.test}`,
          run: judgeSigUtil(call),
        })),
    },
    {
      file: "messages/viem-recorded.json",
      passesMin: 13,
      cases: () =>
        readVectors<Recorded[]>("messages/viem-recorded.json").map((call) => ({
          name: `${call.fn} ${call.test}`,
          run: judgeViem(call),
        })),
    },
    { file: "transactions/web3js-sign-recover.json (messages)", passesMin: 9, cases: web3Cases },
  ],
  { skip: !hasShared },
);
