import { toHex } from "@cleft/protocol/hex.ts";
import { limits } from "../../../packages/signer/src/domain/limits.ts";
import { account, addressAt, type Bodies, callOf, fill, listOf, request, room } from "./parts.ts";

const { dataBytesMax, textBytesMax } = limits;

const text = (unit: string, bytes = textBytesMax) =>
  request(
    "account_signData",
    "text/plain",
    account,
    toHex(Buffer.from(fill(unit, 2 * bytes)).subarray(0, bytes)),
  );

/** Everything else that is signed or recovered, but typed data. */
export const messages: Bodies = {
  "a text": () => text("abcdefg\n"),
  "a text of line breaks": () => text("\n"),
  "a text of one line": () => text("x"),
  "a text of emoji": () => text("\u{1f680}"),
  "a text of hidden characters": () => text("\u200b\u202e"),
  "a text of escapes": () => text("<"),
  "a text of control characters": () => text("\u001b"),
  "no text": () =>
    request("account_signData", "text/plain", account, `0x${fill("ff", 2 * textBytesMax)}`),
  "a text, too long": () => text("x", room / 2 - 400),
  "a sign-in": () =>
    text(
      `example.com wants you to sign in with your Ethereum account:\n${account}\n\n${fill("x", 60_000)}\n`,
    ),
  "a sign-in of resources": () =>
    text(
      `example.com wants you to sign in with your Ethereum account:\n${account}\n\n\nURI: https://example.com\nVersion: 1\nChain ID: 1\nNonce: abcdefgh\nIssued At: 2026-11-26T00:00:00Z\nResources:\n${fill("- https://example.com/\n", 120_000)}`,
    ),
  "a long content type": () => request("account_signData", fill("a/b;", room), account, "0x00"),
  "a validator's message": () =>
    request("account_signData", "data/validator", account, {
      address: account,
      message: `0x${fill("ab", 2 * textBytesMax)}`,
    }),
  "a validator's message, too long": () =>
    request("account_signData", "data/validator", account, {
      address: account,
      message: `0x${fill("ab", room)}`,
    }),
  "a validator's address": () =>
    request("account_signData", "data/validator", account, {
      address: `0x${fill("ab", room)}`,
      message: "0x",
    }),
  "a header": () =>
    request(
      "account_signData",
      "application/x-clique-header",
      account,
      `0xf91ffd${fill("c0", 2 * 8189)}`,
    ),
  "a header, too long": () =>
    request("account_signData", "application/x-clique-header", account, `0x${fill("c0", room)}`),
  "a recovery": () =>
    request("account_ecRecover", `0x${fill("ab", 2 * textBytesMax)}`, `0x${fill("11", 128)}1b`),
  "a recovery, too long": () =>
    request("account_ecRecover", `0x${fill("ab", room)}`, `0x${fill("11", 128)}1b`),
  "a long signature": () => request("account_ecRecover", "0x", `0x${fill("ab", room)}`),
  "an authorization": () =>
    request("account_signAuthorization", {
      from: account,
      chainId: "0x1",
      address: `0x${fill("a", room)}`,
      nonce: "0x0",
    }),
  "a Safe transaction": () => safeTx(`0x${fill("ab", 2 * dataBytesMax)}`),
  "a Safe transaction of addresses": () => {
    const signature = "f(address[])";
    const addresses = listOf((at) => addressAt(at).slice(2).padStart(64, "0"));
    return safeTx(callOf(signature, addresses), signature);
  },
};

function safeTx(data: string, signature: string | null = null): string {
  const fields = {
    ...{ safe: account, to: addressAt(1), value: "0", data, operation: 1, safeTxGas: 0 },
    ...{ baseGas: 0, gasPrice: "0", gasToken: addressAt(2), refundReceiver: addressAt(3) },
  };
  return request("account_signGnosisSafeTx", account, { ...fields, nonce: 1 }, signature);
}
