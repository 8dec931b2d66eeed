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

/** All cases of one file. */
export function readGolden(file: string): readonly GoldenCase[] {
  const { cases } = JSON.parse(readFileSync(`${shared}/golden/${file}`, "utf8"));
  return cases as readonly GoldenCase[];
}

/** Whether a case needs a kind of signature that is not there yet, and which. */
export function laterKind({ request }: GoldenCase): string | undefined {
  const body = parse(request.body);
  const [first] = Array.isArray(body?.["params"]) ? body["params"] : [];
  if (typeof first !== "object" || first === null) return undefined;
  const filled = (name: string) => Array.isArray(first[name]) && first[name].length > 0;
  return filled("blobVersionedHashes") || filled("blobs") ? "type 3" : undefined;
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
