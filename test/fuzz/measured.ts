import { mkdirSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "vitest";
import { runCommand } from "../support/command.ts";
import { root } from "../support/shared.ts";
import { makeHome, type Signer, sampleAccounts, startSigner } from "../support/signer.ts";
import { checkReply } from "./replies.ts";

/** What one request may hold the main thread, ms: everybody else waits meanwhile. */
export const heldMaxMs = 50;
/** A machine hiccups (a collection of garbage, a neighbour), so only what holds it each time counts. */
const triesMax = 5;

/** The real program, which says for how long its main thread was held. */
export class Measured {
  readonly signer: Signer;
  private readonly socket: Socket;

  private constructor(signer: Signer, socket: Socket) {
    this.signer = signer;
    this.socket = socket;
  }

  static async start(): Promise<Measured> {
    const home = makeHome({ sample: true });
    mkdirSync(home.configDir, { mode: 0o700 });
    // Else no authorization that is drawn would be asked about.
    const toml = `delegates = ${JSON.stringify(sampleAccounts)}`;
    writeFileSync(join(home.configDir, "cleft.toml"), toml, { mode: 0o600 });
    const socketPath = join(home.folder, "held");
    const preload = `${pathToFileURL(`${root}test/fuzz/held.mjs`)}?socket=${socketPath}`;
    const signer = await startSigner({ home, preload, args: ["--advanced"] });
    return new Measured(signer, connect(socketPath).setEncoding("utf8"));
  }

  /**
   * Sends a body, checks its answer, and says what that was and for how long it held the main thread,
   * ms: the least of all tries if the first one was too long.
   */
  async heldBy(body: Buffer): Promise<{ outcome: string; heldMs: number }> {
    let [outcome, heldMs] = ["", Number.POSITIVE_INFINITY];
    for (let tries = 0; tries < triesMax && heldMs > heldMaxMs; tries++) {
      await this.held();
      const { status, text } = await this.post(body);
      heldMs = Math.min(heldMs, await this.held());
      expect([200, 413]).toContain(status);
      outcome = status === 200 ? checkReply(text, body) : `status ${status}`;
      expect(this.signer.child.exitCode).toBeNull();
    }
    return { outcome, heldMs };
  }

  /** What must be true when all was asked: it answers, ends well, logged no bug, and its ledger holds. */
  async end(): Promise<void> {
    const { signer } = this;
    expect(await signer.call("account_version")).toMatchObject({ result: "6.1.0" });
    expect(await signer.stop()).toBe(0);
    expect(signer.log()).not.toMatch(/a bug ended|internal error|^\s+at .+:\d+/m);
    const { keystore, configDir } = signer.home;
    const verify = ["--keystore", keystore, "--configdir", configDir, "audit", "verify"];
    expect(runCommand(verify)).toMatchObject({ exit: 0 });
  }

  async remove(): Promise<void> {
    this.socket.destroy();
    await this.signer.stop();
    this.signer.home.remove();
  }

  /** How long the main thread was held at most since the last question, ms. */
  private held(): Promise<number> {
    return new Promise((resolve) => {
      this.socket.once("data", (text) => resolve(Number(text)));
      this.socket.write("?");
    });
  }

  private async post(body: Buffer): Promise<{ status: number; text: string }> {
    const headers = { "content-type": "application/json" };
    const request = { method: "POST", headers, body: new Uint8Array(body) };
    const response = await fetch(this.signer.url, request);
    return { status: response.status, text: await response.text() };
  }
}
