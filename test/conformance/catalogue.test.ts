import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { infinity, points, zeroBlob, zeroHash } from "../support/blobs.ts";
import { hasShared, shared } from "../support/shared.ts";
import { makeHome, payment, type Signer, startSigner } from "../support/signer.ts";

// Clef's catalogue of what it warns of and refuses, each entry caused by a request of its own: a new
// entry without one fails.

interface Entry {
  readonly msg: string;
  readonly sev?: string;
}

interface Cause {
  readonly tx: Record<string, unknown>;
  readonly selector?: string;
}

const blobTx = (fields: Record<string, unknown>): Cause => ({
  tx: payment({ maxFeePerBlobGas: "0x1", ...fields }),
});
const creation = (data: string | undefined, selector?: string): Cause => ({
  tx: payment({ to: null, value: "0x0", data }),
  ...(selector === undefined ? {} : { selector }),
});
const call = (data: string, selector?: string): Cause => ({
  tx: payment({ data }),
  ...(selector === undefined ? {} : { selector }),
});
const word = (digits: string) => digits.padStart(64, "0");
const transfer = `0xa9059cbb${word("dead")}${word("1")}`;
const tooLarge = `0x${"ff".repeat(131_072)}`;

/** By the beginning of Clef's sentence: what makes it say that. */
const causes: readonly (readonly [string, Cause])[] = [
  ["ambiguous request:", { tx: payment({ data: "0x", input: "0x00" }) }],
  ["transaction recipient must be set", blobTx({ to: null, blobVersionedHashes: [zeroHash] })],
  ["blob proofs provided", blobTx({ blobs: [zeroBlob], proofs: [infinity] })],
  ["blob commitments provided", blobTx({ blobs: [zeroBlob], commitments: [infinity] })],
  [
    "number of blobs and commitments",
    blobTx({ blobs: [zeroBlob], commitments: points(2), proofs: [infinity] }),
  ],
  [
    "number of blobs and hashes",
    blobTx({ blobs: [zeroBlob], blobVersionedHashes: [zeroHash, zeroHash] }),
  ],
  [
    "number of proofs and blobs",
    blobTx({ blobs: [zeroBlob], commitments: [infinity], proofs: points(2) }),
  ],
  [
    "failed to verify blob proof",
    blobTx({ blobs: [zeroBlob], commitments: [infinity], proofs: [`0x${"00".repeat(48)}`] }),
  ],
  ["blobs[%d]: error computing commitment", blobTx({ blobs: [tooLarge] })],
  [
    "blob hash verification failed",
    blobTx({ blobs: [zeroBlob], blobVersionedHashes: [`0x01${"11".repeat(31)}`] }),
  ],
  ["transaction will create a contract with value", { tx: payment({ to: null }) }],
  ["requested chainid", { tx: payment({ chainId: "0x5" }) }],
  ["Transaction will create a contract with empty", creation(undefined)],
  ["Transaction will create a contract, but the payload", creation("0x600160025500")],
  ["Transaction will create a contract, but method", creation(`0x${"00".repeat(40)}`, "a()")],
  ["Invalid checksum", { tx: payment({ to: "0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed" }) }],
  ["Transaction recipient is the zero", { tx: payment({ to: `0x${"00".repeat(20)}` }) }],
  [
    "Neither 'gasPrice' nor 'maxFeePerGas'",
    { tx: payment({ maxFeePerGas: null, maxPriorityFeePerGas: null }) },
  ],
  ["Neither 'gasPrice' nor 'maxPriority", { tx: payment({ maxPriorityFeePerGas: null }) }],
  [
    "Both 'gasPrice' and 'maxFeePerGas'",
    { tx: payment({ gasPrice: "0x1", maxPriorityFeePerGas: null }) },
  ],
  ["Both 'gasPrice' and 'maxPriority", { tx: payment({ gasPrice: "0x1", maxFeePerGas: null }) }],
  ["Transaction data is not valid ABI (missing", call("0x010203")],
  ["Transaction data is not valid ABI (length", call(`${transfer}00`, "transfer(address,uint256)")],
  [
    "Transaction contains data, but provided ABI signature could not be matched",
    call(transfer, "a()"),
  ],
  ["Transaction invokes the following method", call(transfer)],
  ["Transaction contains data, but the ABI signature", call("0x00000000")],
  [
    "Transaction contains data, but provided ABI signature could not be verified",
    call(transfer.slice(0, -64)),
  ],
];

/** What is wrong with a blob is found when its commitment is computed; proofs come after. */
const unreachable = ["blobs[%d]: error computing proof", "blobs[%d]: error computing cell proof"];

function readCatalogue(): { hard: readonly Entry[]; messages: readonly Entry[] } {
  if (!hasShared) return { hard: [], messages: [] };
  const file = JSON.parse(readFileSync(`${shared}/golden/warnings.json`, "utf8"));
  return { hard: file.hard_errors_in_both_modes, messages: file.messages };
}

/** A sentence of the catalogue, with anything where Go's verbs stand. */
function sentence(msg: string): RegExp {
  const parts = msg.split(/%[dvsq]/).map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s");
}

const causeOf = ({ msg }: Entry) => causes.find(([beginning]) => msg.startsWith(beginning))?.[1];

describe.skipIf(!hasShared)("Clef's catalogue of warnings", () => {
  const { hard, messages } = readCatalogue();
  let signers: Readonly<Record<"reject" | "show", Signer>>;

  beforeAll(async () => {
    const startWith = (args: readonly string[]) =>
      startSigner({ home: makeHome({ sample: true }), args });
    const [reject, show] = await Promise.all([startWith([]), startWith(["--advanced"])]);
    signers = { reject, show };
  });

  afterAll(async () => {
    for (const signer of Object.values(signers ?? {})) {
      await signer.stop();
      signer.home.remove();
    }
  });

  /** Its answer, and what the window was told of it. */
  async function ask(signer: Signer, { tx, selector }: Cause) {
    const before = signer.window.messages.length;
    const { error } = await signer.call("account_signTransaction", [tx, selector]);
    const asked = signer.window.messages
      .slice(before)
      .find(({ method }) => method === "ui_approveTx");
    return { error, notes: asked?.params[0]["call_info"] as { type: string; message: string }[] };
  }

  test("has a cause for every entry", () => {
    const uncaused = [...hard, ...messages].filter((entry) => causeOf(entry) === undefined);
    expect(uncaused.map(({ msg }) => msg.replace(/: %v$/, ""))).toEqual(unreachable);
    expect(hard.length + messages.length).toBe(causes.length + unreachable.length);
  });

  test.each(hard.filter(causeOf).map((entry) => [entry.msg, entry] as const))(
    "refuses in every mode: %s",
    async (msg, entry) => {
      for (const signer of Object.values(signers)) {
        const { error, notes } = await ask(signer, causeOf(entry) ?? { tx: {} });
        expect(error).toMatchObject({
          code: -32000,
          message: expect.stringMatching(sentence(msg)),
        });
        expect(notes).toBeUndefined();
      }
    },
  );

  test.each(messages.map((entry) => [entry.msg, entry] as const))(
    "warns of, and rejects by it in the default mode: %s",
    async (msg, entry) => {
      const cause = causeOf(entry) ?? { tx: {} };
      const said = { type: entry.sev, message: expect.stringMatching(sentence(msg)) };
      expect((await ask(signers.show, cause)).notes).toContainEqual(said);
      const { error, notes } = await ask(signers.reject, cause);
      if (entry.sev === "Info") expect(notes).toContainEqual(said);
      else {
        expect(notes).toBeUndefined();
        expect(error?.code).toBe(-32000);
        const [, reasons = ""] = /^validation failed: (.*)$/s.exec(error?.message ?? "") ?? [];
        expect(reasons).toMatch(new RegExp(sentence(msg).source.replace(/^\^|\$$/g, ""), "s"));
      }
    },
  );
});
