import fc from "fast-check";
import { expect, test } from "vitest";
import { openRule } from "../domain/caller-rule.ts";
import { Failure } from "../domain/failure.ts";
import { limits } from "../domain/limits.ts";
import type { Arguments } from "./arguments.ts";
import { parseConfig } from "./config.ts";
import { parseArguments } from "./parse-arguments.ts";
import { kinds } from "./setting-value.ts";
import { isFlagName, type Kind, type SettingName, settings, settingsByKey } from "./settings.ts";
import { parseSettingsFile } from "./settings-file.ts";

const path = "/etc/cleft.toml";

async function parse(argv: readonly string[], toml = ""): Promise<Arguments> {
  const file = await parseSettingsFile(new TextEncoder().encode(toml), path);
  return parseArguments(argv).withFile(file);
}

const configOf = async (argv: readonly string[], toml?: string) =>
  parseConfig(await parse(argv, toml), { terminalKind: "screen" });

async function refusal(argv: readonly string[], toml: string): Promise<string> {
  const config = configOf(argv, toml);
  const error: unknown = await config.then(
    () => new Error("accepted"),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Failure)) throw error;
  return `${error.message}${error.hint === undefined ? "" : `; ${error.hint}`}`;
}

const word = fc.stringMatching(/^[a-z]{1,8}$/);
const texts: Readonly<Record<Kind, fc.Arbitrary<string>>> = {
  switch: fc.constantFrom("true", "false"),
  "off-switch": fc.constantFrom("true", "false"),
  text: word,
  path: word.map((name) => `/${name}`),
  integer: fc.nat().map(String),
  names: fc.array(word).map((words) => words.join(",")),
  chains: fc.uniqueArray(fc.integer({ min: 1 }), { minLength: 1 }).map((ids) => ids.join(",")),
  findings: fc.constantFrom("reject", "show"),
  duration: fc.nat({ max: 999_999_999 }).map((count) => `${count}s`),
};

const name = fc.constantFrom(...settingsByKey.values());
const maybe = (text: fc.Arbitrary<string>) => fc.option(text, { nil: undefined });
const drawn = name.chain((one: SettingName) => {
  const text = texts[settings[one].kind];
  return fc.record({
    one: fc.constant(one),
    flag: isFlagName(one) ? maybe(text) : fc.constant(undefined),
    file: maybe(text),
  });
});

test("Arguments: of every setting the flag wins over the file, and the file over the default", async () => {
  await fc.assert(
    fc.asyncProperty(drawn, async ({ one, flag, file }) => {
      const { kind, key } = settings[one];
      const argv = flag === undefined ? [] : [`--${one}=${flag}`];
      const args = await parse(
        argv,
        file === undefined ? "" : `\n${key} = ${kinds[kind].write(file)}`,
      );
      expect(args.text(one)).toBe(flag ?? file ?? parseArguments([]).text(one));
      const from = flag !== undefined ? "flag" : file !== undefined ? "file" : "default";
      expect(args.sourceOf(one)).toMatchObject(
        from === "file" ? { from, path, line: 2 } : { from },
      );
    }),
    { numRuns: 500 },
  );
});

test("parseConfig() has Clef's defaults, and Cleft's own in the configuration directory", async () => {
  expect(await configOf(["--configdir", "/c", "--keystore", "/k"])).toEqual({
    ...{ qrexec: "off", qubes: new Map() },
    ...{ keystore: "/k", kdf: "standard", configDir: "/c", chainId: 1n, chains: [1n] },
    findings: { loopback: "reject", socket: "reject", qube: "show" },
    ...{ http: "off", window: "full-screen", armMs: limits.armMs },
    ...{ ipc: { path: "/c/clef.ipc" }, auditLog: "/c/audit.log" },
    ...{ approvalMs: limits.questionMs, listingTtlMs: 28_800_000 },
    ...{ delegates: [], permits: [], blobComputeMax: 2 },
  });
});

test("parseConfig() takes everything from the file", async () => {
  const toml = `chain = 10
chains = [1, 10]
keystore = "/k"
light_kdf = true
advanced = true
approval_timeout = "90s"
listing_ttl = "0"
auditlog = ""
delegates = ["0x63c0c19a282a1b52b07dd5a65b58948a07dae32b"]
permit_dangerous = ["authorization-any-chain"]
blob_compute_max = 6
http = { enabled = true, findings = "reject", addr = "::1", port = 0, vhosts = ["a", "b"] }
ipc = { path = "/run/x" }
qrexec.enabled = true
qube.work.decision = "deny"`;
  expect(await configOf(["--configdir", "/c", "--stdio-ui"], toml)).toEqual({
    ...{ qrexec: "/c/qrexec.sock", qubes: new Map([["work", { ...openRule, decision: "deny" }]]) },
    ...{ keystore: "/k", kdf: "light", configDir: "/c", chainId: 10n, chains: [1n, 10n] },
    ...{
      findings: { loopback: "reject", socket: "show", qube: "show" },
      http: { host: "::1", port: 0, vhosts: ["a", "b"] },
      window: "stdio",
      armMs: limits.armMs,
    },
    ...{ ipc: { path: "/run/x/clef.ipc" }, auditLog: "off", approvalMs: 90_000, listingTtlMs: 0 },
    delegates: ["0x63c0c19a282a1b52b07dd5a65b58948a07dae32b"],
    permits: ["authorization-any-chain"],
    blobComputeMax: 6,
  });
});

test.each([
  [["--advanced"], 'http.findings = "reject"\nqrexec.findings = "reject"', "show show show"],
  [["--advanced=false"], 'advanced = true\nhttp.findings = "show"', "show reject show"],
  [[], 'advanced = true\nipc.findings = "reject"', "show reject show"],
  [[], 'qrexec.findings = "reject"', "reject reject reject"],
])("parseConfig() takes whose findings reject from %j over %s", async (argv, toml, modes) => {
  const { loopback, socket, qube } = (await configOf(argv, toml)).findings;
  expect(`${loopback} ${socket} ${qube}`).toBe(modes);
});

test.each([
  [["--ipcdisable"], "ipc.enabled = true", "off"],
  [["--ipcdisable=false"], "ipc.enabled = false", { path: "/c/clef.ipc" }],
  [[], "ipc.enabled = false", "off"],
  [["--ipcpath="], 'ipc.path = "/x"', { path: "/c/clef.ipc" }],
])("parseConfig() takes IPC from %j over %s", async (argv, toml, ipc) => {
  expect((await configOf(["--configdir", "/c", ...argv], toml)).ipc).toEqual(ipc);
});

test.each([
  [[], "chains = [5]\nchain = 5", [5n, [5n]]],
  [["--chainid", "0x5"], "chains = [1, 5]", [5n, [1n, 5n]]],
  [["--chainid", "5"], "chain = 1", [5n, [5n]]],
  [[], "chain = 0xaa36a7", [11155111n, [11155111n]]],
])("parseConfig() takes chains of %j and %j", async (argv, toml, [chainId, chains]) => {
  expect(await configOf(argv, toml)).toMatchObject({ chainId, chains });
});

test.each([
  [
    ["--chainid", "5"],
    "chains = [1, 10]",
    'expected --chainid to be one of chains = [1, 10], got "5"; add 5 to chains',
  ],
  [
    [],
    "chains = [1, 10]\nchain = 5",
    `${path}:2:9: expected chain to be one of chains = [1, 10], got "5"; add 5 to chains`,
  ],
  [
    [],
    "chains = [10, 5]",
    `${path}:1:10: expected chains to list the default chain 1, got "10,5"; add chain = 10, or 1 to chains`,
  ],
  [["--chainid", "0"], "", 'expected --chainid to be at least 1, got "0"'],
  [[], "chain = 0", `${path}:1:9: expected chain to be at least 1, got "0"`],
  [[], "http.port = 65536", `${path}:1:13: expected http.port to be at most 65535, got "65536"`],
  [
    ["--http"],
    'http.addr = "0.0.0.0"',
    `${path}:1:13: expected http.addr to be a loopback address, got "0.0.0.0"; use 127.0.0.1; anybody on a network could ask, and nobody is told apart yet`,
  ],
  [
    ["--http", "--http.port", "65536"],
    "http.port = 1",
    'expected --http.port to be at most 65535, got "65536"',
  ],
  [
    [],
    'approval_timeout = "9s"',
    `${path}:1:20: expected approval_timeout to be from 10s to 24h, got "9s"`,
  ],
  [
    [],
    'approval_timeout = "0"',
    `${path}:1:20: expected approval_timeout to be from 10s to 24h, got "0"`,
  ],
  [
    [],
    'approval_timeout = "25h"',
    `${path}:1:20: expected approval_timeout to be from 10s to 24h, got "25h"`,
  ],
  [[], "blob_compute_max = 7", `${path}:1:20: expected blob_compute_max to be at most 6, got "7"`],
  [
    [],
    'permit_dangerous = ["everything"]',
    `${path}:1:20: expected permit_dangerous to have no other names than authorization-any-chain, authorization-any-delegate, got "everything"`,
  ],
  [
    [],
    'delegates = ["0x63C0c19a282a1b52b07dd5a65b58948a07dae32b"]',
    `${path}:1:13: expected delegates to be addresses with right checksums, got "0x63C0c19a282a1b52b07dd5a65b58948a07dae32b"`,
  ],
  [[], 'listing_ttl = "169h"', `${path}:1:15: expected listing_ttl to be at most 168h, got "169h"`],
])("parseConfig() refuses %j with %j", async (argv, toml, message) => {
  expect(await refusal(argv, toml)).toBe(message);
});

test("parseConfig() takes the bounds of a time themselves", async () => {
  const toml = 'approval_timeout = "24h"\nlisting_ttl = "168h"';
  expect(await configOf([], toml)).toMatchObject({
    approvalMs: 86_400_000,
    listingTtlMs: 604_800_000,
  });
  expect(await configOf([], 'approval_timeout = "10s"')).toMatchObject({ approvalMs: 10_000 });
});
