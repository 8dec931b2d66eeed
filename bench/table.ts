import { payment } from "../test/support/signer.ts";
import { type Callers, type Figures, measure } from "./load.ts";

/** A look at it instead of figures to quote. */
export const isQuick: boolean = process.argv.includes("--quick");
const forMs = isQuick ? 1_000 : 6_000;

/** What is asked, by its method. */
export const bodies: Readonly<Record<string, string>> = {
  account_version: body("account_version"),
  account_list: body("account_list"),
  account_signTransaction: body("account_signTransaction", [payment()]),
};

function body(method: string, params: readonly unknown[] = []): string {
  return JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
}

/** A line of a table. */
export function say(...cells: readonly (string | number)[]): void {
  const [first = "", ...others] = cells.map((cell) =>
    typeof cell === "number" ? cell.toFixed(cell < 10 ? 2 : cell < 100 ? 1 : 0) : cell,
  );
  console.log(first.padEnd(36) + others.map((cell) => cell.padStart(11)).join(""));
}

/** Puts a load on, and ends it. */
export async function load(callers: Callers, text: string): Promise<Figures> {
  try {
    return await measure(callers, text, forMs);
  } finally {
    callers.close();
  }
}

/** The line of a load: `ratio` compares it with what stands beside it. */
export function row(name: string, figures: Figures, ratio: number, before: string): void {
  say(name, figures.p50Ms, figures.p99Ms, figures.perSecond, ratio.toFixed(4), before);
}
