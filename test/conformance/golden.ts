import { readFileSync } from "node:fs";
import { shared } from "../support/shared.ts";

/** One recorded exchange with Clef 1.17.3; shared/golden/README.md describes the format. */
export interface GoldenCase {
  readonly name: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly body: string;
    readonly headers: Record<string, string>;
  };
  readonly response: {
    readonly status: string;
    readonly headers: Record<string, string>;
    readonly body: string;
  };
  readonly ui: readonly { readonly dir: "clef->ui" | "ui->clef"; readonly line: string }[];
}

/** The recordings' README says what these marks stand for: 131,072 bytes each. */
const blobs: Readonly<Record<string, string>> = {
  BLOB0: "00".repeat(131_072),
  BLOB1: `${"00".repeat(31)}01${"00".repeat(131_040)}`,
  BLOBFF: "ff".repeat(131_072),
};

/** All cases of one file. */
export function readGolden(file: string): readonly GoldenCase[] {
  const text = readFileSync(`${shared}/golden/${file}`, "utf8");
  const { cases } = JSON.parse(text.replace(/@(BLOB\w+)@/g, (mark, name) => blobs[name] ?? mark));
  return cases as readonly GoldenCase[];
}

/**
 * An error text of Go's decoder: nobody matches more than its code and the argument's number, so the
 * rest is masked.
 */
export function maskDecoderTexts(body: string): string {
  return body.replace(/("message":"(?:invalid argument \d+|json)): ?(?:[^"\\]|\\.)*"/g, '$1"');
}

/**
 * One case's lines to the window without what differs from run to run: ids count from the case's
 * first one, and ports and the place of the key files are masked.
 */
export function maskLines(lines: readonly string[]): string[] {
  const [first] = lines.flatMap((line) => parse(line)?.["id"] ?? []);
  return lines.map((line) =>
    line
      .replace(/("id": ?)(\d+)/, (_, name, id) => `${name}first+${id - Number(first)}`)
      // Go writes this character as an escape where it stands for a wrong byte.
      .replaceAll("\\ufffd", "\ufffd")
      .replace(/127\.0\.0\.1:\d+/g, "127.0.0.1:PORT")
      .replace(/keystore:\/\/[^"]*/g, "keystore://@DIR@"),
  );
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
