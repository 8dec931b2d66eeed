import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Failure, isFailureCode, toRpcError } from "../../packages/signer/src/domain/failure.ts";
import { spawnCommand } from "../support/command.ts";
import { endOf } from "../support/ending.ts";
import { root } from "../support/shared.ts";
import { makeHome, type Signer, sampleAccounts } from "../support/signer.ts";
import { start, until } from "./running.ts";

const documents = {
  readme: readFileSync(`${root}README.md`, "utf8"),
  methods: readFileSync(`${root}docs/METHODS.md`, "utf8"),
};

/** The commands of a document that begin so, each with the lines that it goes on in. */
function commandsOf(text: string, begins: RegExp): readonly string[] {
  const joined = text.replaceAll(/ \\\n\s*/g, " ");
  return joined.split("\n").filter((line) => begins.test(line));
}

/** Runs a line as a person at the signer's home would. */
async function sh(line: string, { home }: Pick<Signer, "home">): Promise<string> {
  const child = spawn("sh", ["-c", line], {
    env: { ...process.env, HOME: home.folder },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  }
  await new Promise((resolve) => child.on("close", resolve));
  return said;
}

/** A signer whose socket lies where it does by default. */
async function startAtHome(): Promise<Signer> {
  const home = makeHome({ sample: true });
  return start({ home, args: ["--ipcpath", join(home.folder, ".clef")] });
}

test("README.md: the line for IPC asks a running signer with nothing but Node", async () => {
  const [line = "", ...more] = commandsOf(documents.readme, /^node -e .*clef\.ipc/);
  expect(more).toEqual([]);
  const signer = await startAtHome();
  expect(JSON.parse(await sh(line, signer))).toEqual({
    ...{ jsonrpc: "2.0", id: 1 },
    result: sampleAccounts.map((address) => address.toLowerCase()),
  });
});

const hasNetcat = spawnSync("nc", ["-h"], { encoding: "utf8" }).stderr?.includes("OpenBSD");
if (!hasNetcat) console.warn("SKIPPED: docs/METHODS.md's line for nc needs netcat-openbsd");

test.skipIf(!hasNetcat)("docs/METHODS.md: the line for nc asks a running signer", async () => {
  const [line = ""] = commandsOf(documents.methods, /\| nc /);
  expect(JSON.parse(await sh(line, await startAtHome()))).toMatchObject({ result: "6.1.0" });
});

test("docs/METHODS.md says why a caller may be told request denied, by each code of the log", () => {
  const rows = [...documents.methods.matchAll(/^\| ((?:`[a-z]+\.[a-z]+`(?:, )?)+) \| .+ \|$/gm)];
  const codes = rows.flatMap(([, cell = ""]) => cell.replaceAll("`", "").split(", "));
  const source = readFileSync(`${root}packages/signer/src/domain/failure.ts`, "utf8");
  const table = [...source.matchAll(/^ {2}"([a-z.]+)": \{/gm)].map(([, code = ""]) => code);
  const denied = table.filter(
    (code) =>
      isFailureCode(code) && toRpcError(new Failure(code, "x")).message === "request denied",
  );
  expect(denied.length).toBeGreaterThan(5);
  expect(codes.sort()).toEqual(denied.sort());
});

test("docs/METHODS.md has every other fixed text that a caller is told, with its codes", () => {
  const rows = [
    ...documents.methods.matchAll(/^\| `([^`]+)` \| (`[a-z]+\.[a-z.`, ]+) \| .+ \|$/gm),
  ];
  const documented = rows.flatMap(([, reply = "", cell = ""]) =>
    cell
      .replaceAll("`", "")
      .split(", ")
      .map((code) => [code, reply]),
  );
  const source = readFileSync(`${root}packages/signer/src/domain/failure.ts`, "utf8");
  const table = [
    ...source.matchAll(/^ {2}"([a-z.]+)": \{\s*rpc: rpcCode\.server,\s*reply: "([^"]+)"/gm),
  ]
    .map(([, code, reply]) => [code, reply])
    .filter(([, reply]) => !["message", "internal error", "request denied"].includes(reply ?? ""));
  expect(table.length).toBeGreaterThan(10);
  expect(documented.sort()).toEqual(table.sort());
});

test("docs/METHODS.md: a signer without a window says in its log why it denies", async () => {
  const home = makeHome({ sample: true });
  const files = ["--keystore", home.keystore, "--configdir", home.configDir];
  const child = spawnCommand([
    ...files,
    "--suppress-bootwarn",
    "--ipcpath",
    `${home.folder}/.clef`,
  ]);
  const ended = endOf(child);
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    log += text;
  });
  child.stdin.end();
  await until(() => log.includes("IPC endpoint opened"));
  const [line = ""] = commandsOf(documents.readme, /^node -e .*clef\.ipc/);
  const { error } = JSON.parse(await sh(line, { home }));
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
  home.remove();
  expect(error).toEqual({ code: -32000, message: "request denied" });
  const [, shown = ""] =
    /^WARN \[.*Refused.* (code=window\.lost .*)$/m.exec(documents.methods) ?? [];
  expect(log).toContain(shown);
  expect(shown).not.toBe("");
});

test.each(["signer/bin/cleft", "dispatcher/bin/cleft-dispatcher"])(
  "%s.mjs in a fresh clone says what to run",
  (path) => {
    const clone = mkdtempSync(join(tmpdir(), "cleft-clone-"));
    const [folder = ""] = path.split("/");
    mkdirSync(join(clone, "packages", folder, "bin"), { recursive: true });
    cpSync(`${root}packages/${path}.mjs`, join(clone, "packages", `${path}.mjs`));
    const program = join(clone, "packages", `${path}.mjs`);
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, "help"], {
      encoding: "utf8",
    });
    rmSync(clone, { recursive: true });
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(/ is not built yet\nhint: run this once: npm run build --prefix "/);
    expect(stderr).toContain(clone);
  },
);
