import { readdirSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { runCommand } from "./support/command.ts";
import { type Home, makeHome } from "./support/signer.ts";

const homes: Home[] = [];

function newHome(): Home {
  const home = makeHome({ sample: false });
  homes.push(home);
  return home;
}

afterEach(() => {
  for (const home of homes.splice(0)) home.remove();
});

const password = "password-0123456789";

test.each<readonly [string, readonly string[], RegExp]>([
  ["an unknown command", ["foo"], /^invalid command: "foo"\n/],
  [
    "an unknown flag",
    ["--http.corsdomain", "*"],
    /^flag provided but not defined: -http\.corsdomain\n/,
  ],
  [
    "a chain that is no number",
    ["--chainid", "abc"],
    /^invalid value "abc" for flag -chainid: parse error\n/,
  ],
  [
    "no keystore",
    ["list-accounts", "--keystore="],
    /^expected --keystore to name a folder, got ""\n/,
  ],
  ["chain 0", ["--suppress-bootwarn", "--chainid=0"], /--chainid/],
  ["a flag without its value", ["--chainid"], /^flag needs an argument: -chainid\n/],
  [
    "a switch that is neither",
    ["--http=maybe"],
    /^invalid boolean value "maybe" for -http: parse error\n/,
  ],
  [
    "an address on the network",
    ["--suppress-bootwarn", "--http", "--http.addr", "0.0.0.0"],
    /loopback address, got "0\.0\.0\.0"/,
  ],
  [
    "a command that is still missing",
    ["setpw", "0x1"],
    /not implemented yet\nhint: .*cleft unlock/,
  ],
  [
    "a mistyped command",
    ["newacount"],
    /^invalid command: "newacount"\nhint: did you mean "cleft /,
  ],
  ["help on what isn't there", ["help", "foo"], /^invalid command: "foo"\n/],
  [
    "no key file",
    ["importraw", "--suppress-bootwarn"],
    /^<keyfile> must be given as first argument\n/,
  ],
  [
    "two key files",
    ["importraw", "--suppress-bootwarn", "a", "b"],
    /^<keyfile> must be given as first argument\n/,
  ],
  [
    "flags behind the argument",
    ["importraw", "a", "--lightkdf"],
    /^<keyfile> must be given as first argument\n/,
  ],
  [
    "a key file that isn't there",
    ["importraw", "/nowhere/k"],
    /^open \/nowhere\/k: no such file or directory\n/,
  ],
])("cleft refuses %s with Clef's text, exit code 1 and nothing on stdout", (_name, args, text) => {
  const { exit, out, err } = runCommand(args);
  expect({ exit, out }).toEqual({ exit: 1, out: "" });
  expect(err).toMatch(text);
});

test.each(["--version", "-version", "-v", "--v"])("cleft %s prints the version", (flag) => {
  expect(runCommand([flag])).toEqual({
    exit: 0,
    out: expect.stringMatching(/^Cleft version \d+\.\d+\.\d+\n$/),
    err: "",
  });
});

test("cleft help lists every command and every flag of Clef", () => {
  const { exit, out } = runCommand(["--help"]);
  expect(exit).toBe(0);
  for (const word of [
    "newaccount",
    "importraw",
    "--4bytedb-custom",
    "--pcscdpath",
    "--http.vhosts",
  ]) {
    expect(out).toContain(word);
  }
});

test("help of one command says what it takes, however it is asked for", () => {
  const text = runCommand(["newaccount", "--help"]);
  expect(text).toMatchObject({ exit: 0, err: "" });
  expect(text.out).toMatch(/^USAGE:\n {3}cleft newaccount\n/);
  for (const args of [
    ["help", "newaccount"],
    ["h", "newaccount"],
    ["--help", "newaccount"],
  ]) {
    expect(runCommand(args)).toEqual(text);
  }
  expect(runCommand(["help", "setpw"])).toMatchObject({
    ...{ exit: 0, err: "" },
    out: expect.stringContaining("cleft unlock"),
  });
  expect(runCommand(["help", "help"])).toEqual(runCommand(["help"]));
});

test("the boot warning is asked on stdout and only ok passes", () => {
  const { exit, out, err } = runCommand([], "no\n");
  expect(exit).toBe(1);
  expect(out).toMatch(/WARNING![\s\S]*Enter 'ok' to proceed:\n> /);
  expect(err).toMatch(/^aborted by user\n/);
});

test("the boot warning goes to stderr and isn't asked when a program is the window", () => {
  const { keystore, configDir } = newHome();
  // Nothing is opened: the end of the window's input would be noticed meanwhile, and end it.
  const flags = ["--stdio-ui", "--ipcdisable", "--keystore", keystore, "--configdir", configDir];
  const { exit, out, err } = runCommand(flags);
  expect(exit).toBe(0);
  expect(err).toContain("WARNING!");
  for (const line of out.split("\n").filter(Boolean)) expect(() => JSON.parse(line)).not.toThrow();
});

test("newaccount takes one line from a pipe, and writes a private file under go-ethereum's name", () => {
  const { keystore, configDir } = newHome();
  const { exit, out } = runCommand(
    [
      "--keystore",
      keystore,
      "--configdir",
      configDir,
      "newaccount",
      "-lightkdf",
      "--suppress-bootwarn=true",
    ],
    `${password}\n`,
  );
  expect(exit).toBe(0);
  const [, address] = /^Generated account 0x([0-9a-fA-F]{40})$/m.exec(out) ?? [];
  const [name = ""] = readdirSync(keystore);
  expect(name).toMatch(
    new RegExp(
      `^UTC--\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\d\\.\\d{9}Z--${address?.toLowerCase()}$`,
    ),
  );
  expect(statSync(join(keystore, name)).mode & 0o777).toBe(0o600);
  expect(statSync(keystore).mode & 0o777).toBe(0o700);
  expect(out).not.toContain(password);
});

test("newaccount at the end of input tries three times and makes nothing", () => {
  const { keystore } = newHome();
  const { exit, out, err } = runCommand([
    "newaccount",
    "--keystore",
    keystore,
    "--suppress-bootwarn",
  ]);
  expect(exit).toBe(1);
  expect(out).toContain("(attempt 2 of 3)");
  expect(err).toMatch(/account creation failed\nhint: /);
});

test.each([
  ["short", "ac09", /^key file too short, want 64 hex characters\n/],
  ["empty", "", /^key file too short, want 64 hex characters\n/],
  ["long", "a".repeat(65), /^key file too long, want 64 hex characters\n/],
  ["not hex", "g".repeat(64), /^invalid character in key file/],
  ["zero", "0".repeat(64), /invalid private key/],
  ["above the curve's order", "f".repeat(64), /invalid private key/],
])("importraw refuses a key that is %s, and makes nothing", (_name, key, text) => {
  const { keystore, folder } = newHome();
  writeFileSync(join(folder, "key"), key);
  const { exit, err } = runCommand(
    ["importraw", "--keystore", keystore, "--lightkdf", "--suppress-bootwarn", join(folder, "key")],
    `${password}\n${password}\n`,
  );
  expect(exit).toBe(1);
  expect(err).toMatch(text);
  expect(() => readdirSync(keystore)).toThrow();
});

test("importraw prints what Clef prints", () => {
  const { keystore, configDir, folder } = newHome();
  writeFileSync(
    join(folder, "key"),
    "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80\n",
  );
  const { exit, out } = runCommand(
    [
      "--configdir",
      configDir,
      "importraw",
      "--keystore",
      keystore,
      "--lightkdf",
      "--suppress-bootwarn",
      join(folder, "key"),
    ],
    `${password}\n${password}\n`,
  );
  expect(exit).toBe(0);
  expect(out).toContain(
    "Key imported:\n  Address 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266\n  Keystore file: /",
  );
  expect(out).not.toContain(password);
});

test("importraw refuses passwords that are short or differ", () => {
  const { keystore, folder } = newHome();
  writeFileSync(join(folder, "key"), "1".repeat(64));
  const args = [
    "importraw",
    "--keystore",
    keystore,
    "--lightkdf",
    "--suppress-bootwarn",
    join(folder, "key"),
  ];
  expect(runCommand(args, "short\nshort\n").err).toBe(
    "password requirements not met: password too short (<10 characters)\n",
  );
  expect(runCommand(args, `${password}\n${password}x\n`).err).toBe("Passwords do not match\n");
});

test("a port that is taken is named", async () => {
  const { keystore, configDir } = newHome();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? String(address?.port) : "";
  const flags = [
    "--stdio-ui",
    "--suppress-bootwarn",
    "--keystore",
    keystore,
    "--configdir",
    configDir,
  ];
  const { exit, out, err } = runCommand([...flags, "--http", "--http.port", port]);
  server.close();
  expect({ exit, out }).toEqual({ exit: 1, out: "" });
  expect(err).toContain(
    `Fatal: Could not start RPC api: listen tcp 127.0.0.1:${port}: bind: address already in use\n`,
  );
});

test("rules are refused as long as there are none: nobody must rely on them", () => {
  const { exit, err } = runCommand(["--rules", "rules.js"]);
  expect(exit).toBe(1);
  expect(err).toMatch(/^--rules is not implemented yet/);
  expect(err).toContain("hint: leave --rules out");
});

test("every other global flag of Clef is accepted, and one without effect says so in one line", () => {
  const { keystore, configDir } = newHome();
  const later = {
    "--nousb": [],
    "--pcscdpath": ["x"],
    "--signersecret": ["x"],
    "--4bytedb-custom": ["x"],
    "--stdio-ui-test": [],
  };
  const now = [
    "--stdio-ui",
    "--suppress-bootwarn",
    "--advanced",
    "--auditlog=",
    "--lightkdf",
    "--loglevel",
    "3",
    "--chainid",
    "0x5",
    "--ipcdisable",
    "--ipcpath",
    "x",
  ];
  const flags = [...now, "--keystore", keystore, "--configdir", configDir, "--http.vhosts", "a,b"];
  const { exit, err } = runCommand([...flags, ...Object.entries(later).flat(2)]);
  expect(exit).toBe(0);
  for (const flag of Object.keys(later)) {
    expect(
      err
        .split("\n")
        .filter((line) => line.includes("no effect yet") && line.endsWith(`flag=${flag}`)),
    ).toHaveLength(1);
  }
  expect(err).toMatch(/Starting signer +chainid=5/);
  expect(err).toContain("No way in is open: add --http or --qrexec, or leave out --ipcdisable");
});

test.each(["list-accounts", "list-wallets", "account show"])(
  "%s says that there is no such keystore, which looks like an empty one",
  (command) => {
    const home = newHome();
    const flags = ["--configdir", home.configDir, "--suppress-bootwarn"];
    const words = [...flags, "--keystore", "/nowhere/keystore", ...command.split(" ")];
    const { exit, err } = runCommand(words);
    expect({ exit, err }).toEqual({
      exit: 0,
      err: expect.stringMatching(/no such keystore folder.* keystore=\/nowhere\/keystore/),
    });
  },
);
