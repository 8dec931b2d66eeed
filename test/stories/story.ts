import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { verifyLedger } from "../../packages/signer/src/ledger/verify.ts";
import { startCommand } from "../support/command.ts";
import { freePort } from "../support/ports.ts";
import { request, rpcClient } from "../support/rpc.ts";
import { root } from "../support/shared.ts";
import { type Home, makeHome, payment } from "../support/signer.ts";
import { Terminal } from "../support/terminal.ts";

/** One step of a story: a verb and its words. */
interface Step {
  readonly verb: string;
  readonly words: readonly string[];
  readonly line: number;
}

/**
 * Reads a story: one step a line, `#` comments, words in single quotes may hold spaces and
 * `\xNN` or `\u{N}` escapes. `screen` waits for text that is written next, `shows` and `hides` for
 * what a person sees on the whole screen.
 */
export function parseStory(text: string): Step[] {
  return text.split("\n").flatMap((raw, at) => {
    const words = [...raw.replace(/^#.*/, "").matchAll(/'([^']*)'|(\S+)/g)].map(
      ([, quoted, bare]) => unescaped(quoted ?? bare ?? ""),
    );
    const [verb, ...rest] = words;
    return verb === undefined ? [] : [{ verb, words: rest, line: at + 1 }];
  });
}

function unescaped(text: string): string {
  return text
    .replace(/\\x([0-9a-f]{2})/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 16)))
    .replace(/\\u\{([0-9a-f]+)\}/g, (_, digits) =>
      String.fromCodePoint(Number.parseInt(digits, 16)),
    );
}

/** Runs a story's steps against the real program in a pseudo terminal. */
export class Story {
  private readonly home: Home = makeHome({ sample: true });
  private terminal: Terminal | undefined;
  private seen = 0;
  private port = 0;
  private caller = new AbortController();
  private readonly env: NodeJS.ProcessEnv = {};
  private readonly replies: Promise<string>[] = [];

  async run(steps: readonly Step[]): Promise<void> {
    try {
      for (const step of steps) await this.step(step);
    } finally {
      this.caller.abort();
      this.terminal?.hangUp();
      await this.terminal?.ended;
      this.home.remove();
    }
  }

  private async step({ verb, words, line }: Step): Promise<void> {
    try {
      await this.act(verb, words);
    } catch (error) {
      throw new Error(`line ${line}, ${verb} ${words.join(" ")}`, { cause: error });
    }
  }

  private async act(verb: string, words: readonly string[]): Promise<void> {
    const [word = "", json = "{}"] = words;
    switch (verb) {
      case "start":
        return this.start(words);
      case "run":
        return this.launch(words);
      case "cleft":
        return this.command(words);
      case "call":
        return this.call(word, words.slice(1));
      case "screen":
        this.seen = await this.screen.appears(word, this.seen);
        return;
      case "shows":
        return this.screen.shows(word);
      case "hides":
        return this.screen.shows(word, { gone: true });
      case "resize":
        return this.screen.resize(Number(word), Number(json));
      case "signal":
        return this.screen.signal(word as NodeJS.Signals);
      case "suspend":
        return this.screen.stopAndGoOn();
      case "env":
        this.env[word] = json;
        return;
      case "never":
        return expect(!this.screen.screen.includes(word), `the screen shows ${word}`);
      case "count":
        return expect(
          this.screen.screen.split(word).length - 1 === Number(json),
          `the screen doesn't show ${word} ${json} times`,
        );
      case "read":
        return pause(2_100);
      case "wait":
        return pause(Number(word));
      case "type":
        return this.screen.press(`${word}\r`);
      case "press":
        return this.screen.press(word);
      case "hangup":
        this.caller.abort();
        this.caller = new AbortController();
        return;
      case "drop":
        return this.screen.hangUp();
      case "reply":
        return expectIncludes(await this.replyTo(words[1]), word);
      case "ledger":
        return this.ledger(word);
      case "file":
        return writeFileSync(join(this.home.folder, word), json);
      case "exit":
        return expectIncludes(String(await this.screen.ended), word);
      default:
        throw new Error("there is no such verb");
    }
  }

  private async start(flags: readonly string[]): Promise<void> {
    this.port = await freePort();
    const http = ["--http", "--http.port", String(this.port), "--suppress-bootwarn"];
    this.launch([...http, ...flags]);
    if (flags.includes("--line") || this.env["TERM"] === "dumb") {
      this.seen = await this.screen.appears("Waiting for requests");
    } else await this.screen.shows("waiting for requests");
  }

  /** `$HOME` stands for the story's folder. */
  private launch(flags: readonly string[]): void {
    const { keystore, configDir, folder } = this.home;
    const words = ["--keystore", keystore, "--configdir", configDir, "--lightkdf", ...flags];
    const quoted = words.map((word) => `'${word.replace("$HOME", folder)}'`).join(" ");
    this.terminal = new Terminal(`${root}cleft ${quoted}`, { env: this.env });
  }

  /** Runs a command beside the signer, as in another terminal; what it reads stands behind a `<`. */
  private async command(words: readonly string[]): Promise<void> {
    const { keystore, configDir } = this.home;
    const flags = ["--keystore", keystore, "--configdir", configDir];
    const end = words.includes("<") ? words.indexOf("<") : words.length;
    const input = words.slice(end + 1);
    const { exit, err } = await startCommand([...flags, ...words.slice(0, end)], input);
    expect(exit === 0, `cleft ${words.join(" ")} ended with ${exit}: ${err}`);
  }

  private call(method: string, [fields = "", ...headers]: readonly string[]): void {
    const written = fields === "" ? [] : JSON.parse(fields);
    const params = Array.isArray(written) ? written : [payment(written)];
    const named = Object.fromEntries(headers.map((header) => header.split(/=(.*)/s)));
    const client = rpcClient(`http://127.0.0.1:${this.port}`, named);
    const reply = client.post(request(method, params), this.caller.signal).then(
      ({ text }) => text,
      (error) => String(error),
    );
    this.replies.push(reply);
  }

  /** The reply to the last call, or to the one of that number, from 1. */
  private async replyTo(number: string | undefined): Promise<string> {
    return (await this.replies.at(number === undefined ? -1 : Number(number) - 1)) ?? "";
  }

  /** The ledger verifies, and a record matches all words of the pattern. */
  private async ledger(pattern: string): Promise<void> {
    const bytes = readFileSync(join(this.home.configDir, "ledger.jsonl"));
    await verifyLedger(
      (async function* () {
        yield bytes;
      })(),
      JSON.parse(readFileSync(join(this.home.configDir, "ledger.head"), "utf8")),
    );
    const records = bytes.toString().split("\n");
    const found = records.some((record) =>
      pattern.split(" ").every((word) => record.includes(word)),
    );
    expect(found, `no record with ${pattern} in ${records.join("\n")}`);
  }

  private get screen(): Terminal {
    if (this.terminal === undefined) throw new Error("nothing was started");
    return this.terminal;
  }
}

function expect(condition: boolean, complaint: string): void {
  if (!condition) throw new Error(complaint);
}

function expectIncludes(text: string, part: string): void {
  expect(text.includes(part), `expected "${part}" in "${text}"`);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Whether a program can be found. */
export function hasCommand(name: string): boolean {
  try {
    execFileSync("sh", ["-c", `command -v ${name}`]);
    return true;
  } catch {
    return false;
  }
}
