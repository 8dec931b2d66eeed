import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { afterEach } from "vitest";
import {
  makeHome,
  payment,
  type Signer,
  type SignerOptions,
  startSigner,
} from "../support/signer.ts";

const running: Signer[] = [];

/** Starts the real program; it and its home are gone after the test. */
export async function start(options: Partial<SignerOptions> = {}): Promise<Signer> {
  const home = options.home ?? makeHome({ sample: true });
  const signer = await startSigner({ ...options, home });
  running.push(signer);
  return signer;
}

afterEach(async () => {
  for (const signer of running.splice(0)) {
    await signer.stop("SIGKILL");
    signer.home.remove();
  }
});

export function readLedger({ home }: Signer): string {
  return readFileSync(join(home.configDir, "ledger.jsonl"), "utf8");
}

/** Waits, in a bounded loop, until something is so. */
export async function until(condition: () => boolean, triesMax = 400): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    if (tries > triesMax) throw new Error("it never happened");
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

export function portOf({ url }: Signer): number {
  return Number(new URL(url).port);
}

/** A payment as it stands on the wire, for those who speak HTTP by hand. */
export function rawPayment(): string {
  const call = { jsonrpc: "2.0", id: 1, method: "account_signTransaction", params: [payment()] };
  const body = JSON.stringify(call);
  const head = ["POST / HTTP/1.1", "Host: localhost", "Content-Type: application/json"];
  return [...head, `Content-Length: ${body.length}`, "", body].join("\r\n");
}

/** Sends bytes, closes the sending half and returns everything that comes. */
export function rawRequest(signer: Signer, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let reply = "";
    const socket = connect({ port: portOf(signer), host: "127.0.0.1", allowHalfOpen: true });
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      reply += chunk;
    });
    socket.on("end", () => resolve(reply)).on("error", reject);
    socket.end(text);
  });
}
