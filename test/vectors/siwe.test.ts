import { checksummed } from "../../packages/signer/src/domain/address.ts";
import { parseSignIn, type SignIn } from "../../packages/signer/src/inspect/siwe.ts";
import { textPreimage } from "../../packages/signer/src/signable/text.ts";
import { hasShared } from "../support/shared.ts";
import { keccak_256 } from "./keccak.ts";
import { curve, parts } from "./signing.ts";
import { type Case, readVectors, same, testVectors, type Verdict } from "./tally.ts";

type Fields = Record<string, unknown>;

/** What is known of a message, under the files' names; absent fields are left out. */
function fieldsOf(signIn: SignIn): Fields {
  const { address, chainId, ...rest } = signIn;
  return { ...rest, address: checksummed(address), chainId: Number(chainId) };
}

function judgeFields(message: string, expected: Fields): Verdict {
  const signIn = parseSignIn(message);
  if (signIn === undefined) return { wrong: "it was not parsed" };
  const got = fieldsOf(signIn);
  const text = (fields: Fields) =>
    JSON.stringify(Object.keys(got).map((name) => [name, fields[name] ?? null]));
  return same(text(got), text(expected));
}

/** A message by the grammar of EIP-4361, whatever its fields are. */
function messageOf(fields: Fields): string {
  const line = (name: string, value: unknown) => (value === undefined ? [] : [`${name}: ${value}`]);
  const resources = Array.isArray(fields["resources"])
    ? ["Resources:", ...fields["resources"].map((one) => `- ${one}`)]
    : [];
  return [
    `${fields["domain"] ?? ""} wants you to sign in with your Ethereum account:`,
    String(fields["address"] ?? ""),
    "",
    ...(fields["statement"] === undefined ? [] : [String(fields["statement"])]),
    "",
    ...line("URI", fields["uri"]),
    ...line("Version", fields["version"]),
    ...line("Chain ID", fields["chainId"]),
    ...line("Nonce", fields["nonce"]),
    ...line("Issued At", fields["issuedAt"]),
    ...line("Expiration Time", fields["expirationTime"]),
    ...line("Not Before", fields["notBefore"]),
    ...line("Request ID", fields["requestId"]),
    ...resources,
  ].join("\n");
}

interface Spruce<T> {
  readonly name: string;
  readonly case: T;
}

function cases<T>(file: string, judge: (value: T, name: string) => Verdict): Case[] {
  return readVectors<Spruce<T>[]>(file).map((vector) => ({
    name: vector.name,
    run: () => judge(vector.case, vector.name),
  }));
}

const refused = (message: string): Verdict =>
  parseSignIn(message) === undefined ? "pass" : { wrong: "it was parsed" };

/** Who signed it, as far as arithmetic tells: times, nonces and domains are the verifier's. */
function judgeSigned(fields: Fields, expected: boolean): Verdict {
  const message = messageOf(fields);
  if (parseSignIn(message) === undefined) return expected ? { wrong: "not parsed" } : "pass";
  const signer = curve.recover(keccak_256(textPreimage(Buffer.from(message))), {
    ...parts(String(fields["signature"])),
  });
  const isRight = signer === String(fields["address"]).toLowerCase();
  if (isRight === expected) return "pass";
  return expected ? { wrong: `signed by ${signer}` } : { refused: "rule of the verifier" };
}

interface Recorded {
  readonly fn: string;
  readonly args: readonly unknown[];
  readonly result?: unknown;
}

function judgeViem({ fn, args, result }: Recorded): Verdict {
  const [first] = args;
  switch (fn) {
    case "parseSiweMessage": {
      const expected = (result ?? {}) as Fields;
      // Its parser takes what it finds; a message has to have all of it.
      if (expected["nonce"] === undefined) return refused(String(first));
      return parseSignIn(String(first)) === undefined
        ? { refused: "no sign-in by the grammar" }
        : judgeFields(String(first), expected);
    }
    case "createSiweMessage":
      if (typeof result !== "string") return refused(messageOf(first as Fields));
      return parseSignIn(result) === undefined ? { wrong: "not parsed" } : "pass";
    default:
      return { refused: fn === "validateSiweMessage" ? "rule of the verifier" : "helper of viem" };
  }
}

testVectors(
  [
    {
      file: "siwe/spruce-parsing_positive.json",
      passesMin: 10,
      cases: () =>
        cases<{ message: string; fields: Fields }>(
          "siwe/spruce-parsing_positive.json",
          ({ message, fields }) => judgeFields(message, fields),
        ),
    },
    {
      file: "siwe/spruce-parsing_negative.json",
      passesMin: 24,
      cases: () => cases<string>("siwe/spruce-parsing_negative.json", refused),
    },
    {
      file: "siwe/spruce-parsing_negative_objects.json",
      passesMin: 12,
      cases: () =>
        cases<Fields>("siwe/spruce-parsing_negative_objects.json", (fields) =>
          refused(messageOf(fields)),
        ),
    },
    {
      file: "siwe/spruce-verification_positive.json",
      passesMin: 4,
      cases: () =>
        cases<Fields>("siwe/spruce-verification_positive.json", (fields) =>
          judgeSigned(fields, true),
        ),
    },
    {
      file: "siwe/spruce-verification_negative.json",
      passesMin: 2,
      cases: () =>
        cases<Fields>("siwe/spruce-verification_negative.json", (fields) =>
          judgeSigned(fields, false),
        ),
    },
    {
      file: "siwe/viem-recorded.json",
      passesMin: 18,
      cases: () =>
        readVectors<Recorded[]>("siwe/viem-recorded.json").map((call) => ({
          name: `${call.fn} ${JSON.stringify(call.args).slice(0, 80)}`,
          run: () => judgeViem(call),
        })),
    },
  ],
  { skip: !hasShared },
);
