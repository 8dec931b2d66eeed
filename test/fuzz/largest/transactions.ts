import { limits } from "../../../packages/signer/src/domain/limits.ts";
import { fullBlob, infinity, zeroBlob } from "../../support/blobs.ts";
import { addressAt, type Bodies, fill, room, sign, times, word } from "./parts.ts";

const { dataBytesMax, accessListMax } = limits;

/** Transactions with one long field. */
export const transactions: Bodies = {
  calldata: () => sign({ data: `0x${fill("ab", 2 * dataBytesMax)}` }),
  "calldata twice": () =>
    sign({ data: `0x${fill("ab", 2 * dataBytesMax)}`, input: `0x${fill("ab", 2 * dataBytesMax)}` }),
  "calldata, too long": () => sign({ data: `0x${fill("ab", room)}` }),
  "code of a contract": () => sign({ data: `0x${fill("ab", 2 * dataBytesMax)}`, to: undefined }),
  "addresses of an access list": () =>
    sign({
      accessList: times(accessListMax, (at) => ({ address: addressAt(at), storageKeys: [] })),
    }),
  "keys of an access list": () =>
    sign({
      accessList: [
        { address: addressAt(1), storageKeys: times(accessListMax - 1, (at) => `0x${word(at)}`) },
      ],
    }),
  "an access list, too long": () =>
    sign({ accessList: times(30_000, (at) => ({ address: addressAt(at % 9), storageKeys: [] })) }),
  "an access list and calldata": () =>
    sign({
      data: `0x${fill("ab", 2 * dataBytesMax)}`,
      accessList: times(accessListMax / 2, (at) => ({
        address: addressAt(at),
        storageKeys: [`0x${word(at)}`],
      })),
    }),
  "unknown fields": () =>
    sign(Object.fromEntries(times(limits.json.valuesMax - 40, (at) => [`unknown${at}`, at]))),
  "a long quantity": () => sign({ value: `0x${fill("f", room)}` }),
  "a long nonce of zeros": () => sign({ nonce: `0x${fill("0", room)}` }),
  "a long recipient": () => sign({ to: `0x${fill("f", room)}` }),
  authorizations: () =>
    sign({
      authorizationList: times(limits.authorizationsMax, (at) => ({
        chainId: "0x1",
        address: addressAt(at),
        nonce: "0x1",
        yParity: "0x0",
        r: `0x${fill("1", 64)}`,
        s: `0x${fill("1", 64)}`,
      })),
    }),
  "authorizations, too many": () =>
    sign({
      authorizationList: times(10_000, (at) => ({
        chainId: "0x1",
        address: addressAt(at % 9),
        nonce: "0x1",
        yParity: "0x0",
        r: "0x1",
        s: "0x1",
      })),
    }),
  "hashes of blobs": () =>
    sign({
      maxFeePerBlobGas: "0x1",
      blobVersionedHashes: times(70_000, () => `0x01${fill("ab", 62)}`),
    }),
  "six blobs": () => sixBlobs(zeroBlob, 6),
  "six full blobs": () => sixBlobs(fullBlob, 6),
  "six blobs with cell proofs": () => sixBlobs(zeroBlob, 6 * 128, { blobVersion: 1 }),
  "nineteen blobs": () => sign({ maxFeePerBlobGas: "0x1", blobs: times(19, () => zeroBlob) }),
  "a long blob": () =>
    sign({
      maxFeePerBlobGas: "0x1",
      blobs: [`0x${fill("00", room)}`],
      commitments: [infinity],
      proofs: [infinity],
    }),
};

function sixBlobs(blob: string, proofs: number, more: object = {}): string {
  return sign({
    ...{ maxFeePerBlobGas: "0x1", blobs: times(6, () => blob), ...more },
    ...{ commitments: times(6, () => infinity), proofs: times(proofs, () => infinity) },
  });
}
