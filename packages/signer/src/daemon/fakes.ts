import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { Queue } from "../approval/queue.ts";
import type { Notice, Questions, Window } from "../approval/window.ts";
import type { Decider } from "../domain/decider.ts";
import { Failure } from "../domain/failure.ts";
import { addressOf, callerWith, FakeClock, FakeLog, findingsFor } from "../domain/fakes.ts";
import { parseChainId } from "../domain/quantity.ts";
import { Kzg } from "../kzg/kzg.ts";
import { Ledger, ledgerFile } from "../ledger/ledger.ts";
import { temporaryFolder } from "../store/fakes.ts";
import { plainStore } from "../store/plain.ts";
import type { Request } from "../untrusted/rpc/methods.ts";
import { secretOf, testPassword } from "../vault/fakes.ts";
import type { KeySource } from "../vault/source/source.ts";
import { Vault } from "../vault/vault.ts";
import { handle } from "./handle.ts";
import { Lifecycle } from "./lifecycle.ts";
import { Callers } from "./request/callers.ts";
import { noLabels } from "./request/label-book.ts";
import { Listings } from "./request/listings.ts";
import { type MethodBook, standardBook } from "./request/method-book.ts";

const account = addressOf("a");
const signature = { r: `0x${"1".repeat(64)}`, s: `0x${"2".repeat(64)}`, yParity: 0 } as const;
const text = { tag: "text", account: { address: account, text: account } } as const;

/** A request for a signature of a text. */
export const signText: Request = {
  method: "account_signData",
  message: { ...text, contentType: "text/plain", message: new Uint8Array([1]) },
};

/** A window that says yes, and gives one password after another; it keeps all it was asked and told. */
class YesWindow implements Window {
  readonly answeredBy: Decider;
  readonly passwords: string[];
  readonly asked: Questions["password"][] = [];
  readonly questions: Questions["data"][] = [];
  /** Happens while the question is open. */
  meanwhile = async (): Promise<void> => undefined;
  /** Happens while a password is asked for. */
  whilePassword = async (): Promise<void> => undefined;
  readonly told: Notice[] = [];

  constructor(answeredBy: Decider, passwords: readonly string[]) {
    this.answeredBy = answeredBy;
    this.passwords = [...passwords];
  }

  readonly ask: Window["ask"] = {
    transaction: () => Promise.reject(new Error("not asked")),
    data: async (question) => {
      this.questions.push(question);
      await this.meanwhile();
      return { approved: true, digest: question.digest };
    },
    listing: () => Promise.reject(new Error("not asked")),
    newAccount: async () => ({ approved: true }),
    newPassword: () => Promise.reject(new Error("not asked")),
    password: async (question) => {
      this.asked.push(question);
      await this.whilePassword();
      const password = this.passwords.shift();
      if (password === undefined) throw new Failure("request.denied", "no password was given");
      return { password: secretOf(password) };
    },
  };

  tell(notice: Notice): void {
    if (notice.kind !== "queue") this.told.push(notice);
  }
}

/** A key source with one account; `work` runs once the key is being touched. */
function sourceWith(signed: string[], work: () => Promise<void>): KeySource {
  return {
    accounts: async () => [{ address: account, url: "keystore:///a" }],
    async sign({ approved, opening, redeem }) {
      redeem();
      const isRight =
        "grant" in opening ||
        opening.password.use((bytes) => Buffer.from(bytes).toString() === testPassword);
      if (!isRight) throw new Failure("password.wrong", "could not decrypt key");
      await work();
      signed.push(approved.requestId);
      return signature;
    },
    unlock: async ({ begin }) => begin(),
    forget: () => undefined,
  };
}

/** A daemon without ways in: what `handle` needs, and how to look at what it did. */
export async function daemonWith({
  answeredBy = "person",
  passwords = [testPassword],
  work = async () => undefined,
  methods = standardBook,
}: {
  readonly answeredBy?: Decider;
  readonly passwords?: readonly string[];
  readonly work?: () => Promise<void>;
  readonly methods?: MethodBook;
} = {}) {
  const [clock, log, lifecycle] = [new FakeClock(), new FakeLog(), new Lifecycle()];
  lifecycle.ready();
  const generation = () => lifecycle.generation;
  const folder = await temporaryFolder();
  const ledger = await Ledger.open(folder, { store: plainStore({ random: () => "r" }), clock });
  onTestFinished(() => ledger.close());
  const window = new YesWindow(answeredBy, passwords);
  const queue = new Queue(window, { clock, approvalMs: 60_000 });
  const signed: string[] = [];
  const vault = new Vault(
    { sources: [sourceWith(signed, work)], maker: { create: () => Promise.reject(new Error()) } },
    { clock, generation, newId: () => "grant" },
  );
  const chainId = parseChainId(1n);
  if (chainId === undefined) throw new Error("no chain");
  const lists = { chains: [chainId], delegates: [], permits: [] };
  const judgeSettings = { chainId, ...lists, findings: findingsFor("show") };
  const listings = new Listings({ ttlMs: 0, clock, generation });
  const callers = new Callers({ rules: new Map(), clock });
  const spawnKzg = () => {
    throw new Error("no blobs here");
  };
  const kzg = new Kzg({ clock, spawnKzg });
  const own = {
    judgeSettings,
    callers,
    listings,
    kzg,
    blobComputeMax: 2,
    methods,
    labels: noLabels,
    generation,
  };
  const parts = { ...own, queue, ledger, vault, clock, log };
  const caller = new AbortController();
  return {
    ...{ clock, lifecycle, log, queue, window, vault, signed, caller },
    /** Serves one request to its end. */
    ask: (request: Request) => {
      const { signal: gone } = caller;
      return handle(
        { id: "r1", method: request.method, caller: callerWith(), gone },
        request,
        parts,
      );
    },
    /** The ledger's records, parsed. */
    async records(): Promise<unknown[]> {
      const lines = (await readFile(join(folder, ledgerFile), "utf8")).trimEnd().split("\n");
      return lines.map((line) => JSON.parse(line));
    },
  };
}
