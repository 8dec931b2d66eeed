import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Ended, startCommand } from "../support/command.ts";
import { hasShared, shared } from "../support/shared.ts";

/** A recorded command line; two entries are checks of a file and have no arguments. */
interface Recorded {
  readonly name: string;
  readonly args?: readonly string[];
  readonly stdin?: string;
  readonly exit?: number;
  readonly stopped_by_us_SIGINT?: boolean;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly exists?: boolean;
}

/** Cases that need what Cleft doesn't have yet. */
const later: Readonly<Record<string, readonly string[]>> = {
  "init, attest, setpw, delpw and the master seed": [
    ...["help_init", "help_attest", "help_delpw", "init_short_pw_then_ok", "init_mismatch"],
    ...["init_again", "init_nested_missing_parent", "where_did_it_go"],
    ...["attest_before_init", "attest_noarg", "attest_garbage_accepted", "attest_ok"],
    ...["attest_wrong_master", "setpw_before_init", "setpw_before_init2", "setpw_noarg"],
    ...["setpw_bad_address", "setpw_weak_pw_accepted", "setpw_badchecksum", "delpw_before_init"],
    ...["delpw_noarg", "delpw_ok", "delpw_again_noop", "delpw_bad_address", "signersecret_flag"],
    ...["signersecret_flag_dir_exists", "masterseed_mode_0400", "masterseed_mode_0500"],
    ...["masterseed_mode_0600", "masterseed_mode_0440", "masterseed_mode_0404"],
    ...["masterseed_mode_0000", "masterseed_mode_0700", "masterseed_mode_4400"],
    "vault_corrupt_json",
  ],
  gendoc: ["help_gendoc", "gendoc"],
  "the IPC socket": ["ipcpath_long"],
  "the file of learnt selectors": ["4bytedb_bad"],
  "trying out a window": ["stdio_ui_test_without_stdio"],
};

/** Cases that are answered otherwise on purpose, each by a row of docs/DIVERGENCES.md. */
const divergent: Readonly<Record<string, (recorded: Ended, ours: Ended) => void>> = {
  help: namesAllFlags,
  help_cmd: namesAllFlags,
  help_newaccount: namesItsFlags,
  unknown_flag: saysNothingOnStdout,
  bad_flag_value: saysNothingOnStdout,
  http_corsdomain_flag: saysNothingOnStdout,
  boot_warning_refused: differsInTheLicence,
  boot_warning_ok: differsInTheLicence,
};

const cases: readonly Recorded[] = hasShared
  ? JSON.parse(readFileSync(`${shared}/golden/cli.json`, "utf8"))
  : [];
const postponed = new Set(Object.values(later).flat());
const replayed = cases.filter(({ name }) => !postponed.has(name));

describe.skipIf(!hasShared)("recorded command lines of Clef", () => {
  let home = "";
  let taken: Server;
  const verdicts: Record<string, string> = {};

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), "cleft-cli-"));
    mkdirSync(join(home, "work"));
    taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  });

  afterAll(() => {
    taken.close();
    rmSync(home, { recursive: true });
    const count = (verdict: string) => Object.values(verdicts).filter((v) => v === verdict).length;
    const wrong = replayed.length - count("equal") - count("divergence");
    console.log(
      `conformance cli.json: ${count("equal")} equal, ${count("divergence")} divergences, ${wrong} wrong, ${postponed.size} later`,
    );
  });

  test("there are cases to replay, and each one that is left for later exists", () => {
    expect(replayed.length).toBeGreaterThan(30);
    const names = new Set(cases.map(({ name }) => name));
    expect([...postponed, ...Object.keys(divergent)].filter((name) => !names.has(name))).toEqual(
      [],
    );
  });

  test.each(replayed.map((recorded) => [recorded.name, recorded] as const))(
    "%s",
    async (name, recorded) => {
      if (recorded.exists !== undefined) {
        expect(existsSync(join(home, "missing"))).toBe(recorded.exists);
      } else {
        // The recorded listing has four accounts, and the recordings make three of them.
        if (name === "list_accounts_with_garbage_files") await makeGarbage(home);
        const ours = masked(await replay(recorded, home, taken));
        const { exit = 0, stdout = "", stderr = "" } = recorded;
        const theirs = masked({ exit, out: stdout, err: stderr });
        const differs = divergent[name];
        if (differs !== undefined) {
          differs(theirs, ours);
          verdicts[name] = "divergence";
          return;
        }
        expect(ours).toEqual(theirs);
      }
      verdicts[name] = "equal";
    },
  );
});

/** What stood in the key files of the recordings, as far as their names tell. */
const keys: Readonly<Record<string, string>> = {
  importraw_bad: "no key",
  importraw_short: "ac0974bec39a17e36ba4a6b4d238ff94",
  importraw_empty: "",
  importraw_ok: "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
  importraw_trailing_newline_ok:
    "59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d\n",
};

/** Runs a recorded command line; one that the recorder ended is ended once it has started. */
async function replay(
  { name, args = [], stdin = "", ...recorded }: Recorded,
  home: string,
  taken: Server,
) {
  const keyFile = join(home, "key");
  const content = keys[name] ?? keys["importraw_ok"] ?? "";
  rmSync(keyFile, { force: true });
  if (name !== "importraw_nofile") writeFileSync(keyFile, content);
  const port = taken.address();
  const words = args.map((word, at) => {
    if (args[at - 1] === "--http.port") return String(typeof port === "object" ? port?.port : "");
    return word === "@DIR@" ? folderOf(args[at - 1] ?? "", name, home) : word;
  });
  return run(words, { stdin, home, stops: recorded.stopped_by_us_SIGINT === true });
}

function folderOf(flag: string, name: string, home: string): string {
  if (flag === "--configdir") return join(home, "config");
  if (flag !== "--keystore") return join(home, "key");
  return join(home, name === "keystore_missing_dir_created" ? "missing" : "keystore");
}

async function makeGarbage(home: string): Promise<void> {
  const keystore = join(home, "keystore");
  const files = {
    "README.txt": "notes",
    "broken.json": "{",
    "UTC--empty": "",
    ".hidden": "x",
    "old~": "x",
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(keystore, name), text);
  mkdirSync(join(keystore, "folder"));
  const args = ["newaccount", "--keystore", keystore, "--lightkdf", "--suppress-bootwarn"];
  const { exit } = await run(args, { stdin: "password-0123456789\n", home, stops: false });
  expect(exit).toBe(0);
}

function run(
  args: readonly string[],
  { stdin, home, stops }: { stdin: string; home: string; stops: boolean },
): Promise<Ended> {
  const place = { env: { ...process.env, HOME: home }, cwd: join(home, "work") };
  return startCommand(args, stdin, stops ? { ...place, stopAt: "ui_onSignerStartup" } : place);
}

/** Without log lines, hints, what a run makes anew, and the program's name. */
function masked({ exit, out, err }: Ended): Ended {
  const text = (stream: string, rest: RegExp) =>
    stream
      .replaceAll(/^(?:CRIT |ERROR|WARN |INFO |DEBUG|TRACE)\[.*\n/gm, "")
      .replaceAll(rest, "")
      .replaceAll(/\bCleft\b/g, "Clef")
      .replaceAll(/version \S+$/gm, "version V")
      .replaceAll(/keystore:\/\/[^)\s]+/g, "keystore://@DIR@")
      .replaceAll(/Keystore file: .+/g, "Keystore file: @DIR@")
      .replaceAll(/open \/[^:]+:/g, "open @DIR@:")
      .replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:PORT")
      .replaceAll(/0x(?!f39F|7099)[0-9a-fA-F]{40}/g, "0xNEW");
  // Clef says Fatal: on both streams if they differ, and stdout belongs to the window.
  return { exit, out: text(out, /^Fatal: .*\n/gm), err: text(err, /^hint: .*\n/gm) };
}

/** Each flag of Clef's help stands in ours; its words and columns are ours. */
function namesAllFlags(recorded: Ended, ours: Ended): void {
  expect({ exit: ours.exit, err: ours.err }).toEqual({ exit: recorded.exit, err: recorded.err });
  const flags = recorded.out.match(/--[a-z0-9][a-z0-9.-]+/g) ?? [];
  expect(flags.length).toBeGreaterThan(3);
  for (const flag of flags) expect(ours.out).toContain(flag);
  for (const command of ["newaccount", "importraw", "list-accounts", "list-wallets", "help"]) {
    expect(ours.out).toContain(`\n   ${command} `);
  }
}

/** A command's help names the flags of Clef's and none that serves requests; its words are ours. */
function namesItsFlags(recorded: Ended, ours: Ended): void {
  expect({ exit: ours.exit, err: ours.err }).toEqual({ exit: recorded.exit, err: recorded.err });
  const flags = recorded.out.match(/--[a-z0-9][a-z0-9.-]+/g) ?? [];
  expect(flags.length).toBeGreaterThan(3);
  for (const flag of flags) expect(ours.out).toContain(`\n   ${flag} `);
  expect(ours.out).toContain("cleft newaccount\n");
  expect(ours.out).not.toContain("--http");
}

/** The message stands on stderr alone; Clef puts all of its help on stdout before. */
function saysNothingOnStdout(recorded: Ended, ours: Ended): void {
  expect(recorded.out).toContain(`Incorrect Usage: ${recorded.err.trim()}`);
  expect(ours).toEqual({ ...recorded, out: "" });
}

/** The warning names our licence and its lines fit 80 columns; the rest is the same. */
function differsInTheLicence(recorded: Ended, ours: Ended): void {
  const paragraphs = ({ exit, out, err }: Ended) => ({
    exit,
    err,
    out: out
      .replace(/Clef is distributed[\s\S]*?details\./, (text) => text.replaceAll("\n", " "))
      .replace(/GNU General Public License|Apache License 2\.0/, "LICENCE"),
  });
  expect(paragraphs(ours)).toEqual(paragraphs(recorded));
  expect(ours.out).toContain("Apache License 2.0");
}
