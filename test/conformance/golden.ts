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

/** Whether Clef would sign a request as a plain transaction of type 2. */
export function asksForType2({ request }: GoldenCase): boolean {
  const body = parse(request.body);
  const [transaction] = Array.isArray(body?.["params"]) ? body["params"] : [];
  if (typeof transaction !== "object" || transaction === null) return false;
  const filled = (name: string) => Array.isArray(transaction[name]) && transaction[name].length > 0;
  const hasCap = (transaction.maxFeePerGas ?? null) !== null;
  return hasCap && !filled("blobVersionedHashes") && !filled("blobs");
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
