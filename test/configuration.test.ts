import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { effectTexts } from "../packages/signer/src/cli/help.ts";
import { parseArguments } from "../packages/signer/src/cli/parse-arguments.ts";
import { kinds } from "../packages/signer/src/cli/setting-value.ts";
import { flagTable, settings, settingsByKey } from "../packages/signer/src/cli/settings.ts";
import { root } from "./support/shared.ts";

const text = readFileSync(`${root}docs/CONFIGURATION.md`, "utf8");

/** The code blocks of one language. */
const blocks = (language: string) =>
  [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)]
    .filter(([, written]) => written === language)
    .map(([, , block = ""]) => block);

/** Runs a line of a shell in a folder whose home is the folder itself. */
function sh(line: string, folder: string) {
  const env = { ...process.env, HOME: folder, CLEFT: `${root}cleft` };
  const script = `umask 022; ${line.replaceAll("./cleft", '"$CLEFT"')}`;
  const { status, stdout, stderr } = spawnSync("sh", ["-c", script], {
    ...{ cwd: folder, env, encoding: "utf8" },
  });
  return { exit: status, out: stdout, err: stderr };
}

test("docs/CONFIGURATION.md lists every key with its flag, default and meaning", () => {
  const rows = [...text.matchAll(/^\| `([^`]+)` \| (?:`--([^`]+)`|–) \| (.+?) \| (.+) \|$/gm)];
  expect(rows.map(([, key]) => key).sort()).toEqual([...settingsByKey.keys()].sort());
  const home = parseArguments([])
    .text("configdir")
    .replace(/\/\.clef$/, "");
  for (const [, key = "", flag, value = "", meaning] of rows) {
    const name = settingsByKey.get(key);
    if (name === undefined) throw new Error(`no key ${key}`);
    const { kind, help, default: standard } = settings[name];
    if (flag !== undefined) expect(flag).toBe(name);
    if (kind !== "off-switch") expect(meaning).toContain(help.replace(", comma-separated", ""));
    if (kind === "chains") continue;
    const shown =
      kind === "path" ? JSON.stringify(standard.replace(home, "~")) : kinds[kind].write(standard);
    expect(value).toBe(`\`${shown}\``);
  }
});

test("docs/CONFIGURATION.md lists every flag that has no key, with its meaning", () => {
  const rows = [...text.matchAll(/^\| `--([^`]+)` \| (.+) \|$/gm)];
  const listed = rows.map(([, name, meaning]) => [name, meaning]);
  const keyless = Object.entries(flagTable).filter(([, { key }]) => key === undefined);
  const expected = keyless.map(([name, { help, effect, only }]) => {
    const place = only === undefined ? "" : ` (\`${only.join(", ")}\`)`;
    return [name, `${help}${place}${effect === "now" ? "" : `; ${effectTexts[effect]}`}`];
  });
  expect(listed).toEqual(expected);
});

test("every command and every file of docs/CONFIGURATION.md works", () => {
  const folder = mkdtempSync(join(tmpdir(), "cleft-docs-"));
  const [commands = ""] = blocks("");
  const lines = commands.trim().split("\n");
  expect(lines.length).toBeGreaterThan(2);
  for (const line of lines) expect(sh(line, folder)).toMatchObject({ exit: 0, err: "" });
  const files = blocks("toml");
  const shown = files.map((file) => {
    writeFileSync(join(folder, "doc.toml"), file);
    const { exit, out, err } = sh("./cleft --config doc.toml config show", folder);
    expect({ exit, err }).toEqual({ exit: 0, err: "" });
    return out;
  });
  expect(shown).toHaveLength(3);
  expect(shown[0]).toMatch(/^chains = \[1, 10\] +# doc\.toml:3$/m);
  expect(shown[0]).toMatch(/^approval_timeout = "2m" +# doc\.toml:5/m);
  expect(shown[1]).toMatch(/^\[qube\."work\+defi"\]\ndecision = "ask"$/m);
  rmSync(folder, { recursive: true });
});
