import { JsonError, parseJsonBytes } from "@cleft/protocol/json.ts";
import { limits } from "../../packages/signer/src/domain/limits.ts";
import { hasShared } from "../support/shared.ts";
import { readVectors, testVectors, type Verdict } from "./tally.ts";

interface Text {
  readonly name: string;
  readonly b64: string;
}

/** The first letter says what a parser has to do: accept (y), refuse (n), or either (i). */
function judge({ name, b64 }: Text): Verdict {
  const accepted = accepts(Buffer.from(b64, "base64"));
  const isDeep = name.includes("open") || name.includes("nested");
  const isTwin = name.includes("duplicated_key");
  if (name.startsWith("y_") && !accepted && isTwin) return { refused: "twin keys" };
  if (name.startsWith("y_") && !accepted && !isDeep) return { wrong: "it was refused" };
  return name.startsWith("n_") && accepted ? { wrong: "it was accepted" } : "pass";
}

function accepts(bytes: Uint8Array): boolean {
  try {
    parseJsonBytes(bytes, limits.json);
    return true;
  } catch (error) {
    if (error instanceof JsonError) return false;
    throw error;
  }
}

testVectors(
  [
    {
      file: "jsonrpc/json-parsing-suite.json",
      passesMin: 187,
      cases: () =>
        readVectors<Text[]>("jsonrpc/json-parsing-suite.json").map((text) => ({
          name: text.name,
          run: () => judge(text),
        })),
    },
  ],
  { skip: !hasShared },
);
