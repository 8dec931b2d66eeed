import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { limits } from "../../packages/signer/src/domain/limits.ts";
import { runCommand } from "../support/command.ts";
import { type Home, makeHome, payment } from "../support/signer.ts";
import { approveAll } from "../support/stdio-window.ts";
import { readLedger, start } from "./running.ts";

const homes: Home[] = [];

/** A home whose configuration folder holds a cleft.toml. */
function homeWith(toml: string | undefined): Home {
  const home = makeHome({ sample: true });
  homes.push(home);
  mkdirSync(home.configDir, { mode: 0o700 });
  if (toml !== undefined) writeFileSync(fileOf(home), toml, { mode: 0o600 });
  return home;
}

const fileOf = ({ configDir }: Home) => join(configDir, "cleft.toml");

afterEach(() => {
  for (const home of homes.splice(0)) home.remove();
});

function run(args: readonly string[], uid?: number) {
  return runCommand(args, [], uid === undefined ? {} : { uid, gid: uid });
}

test.each([
  [
    "chian = 5",
    'cleft.toml:1:1: expected a key of cleft.toml, got "chian"\nhint: did you mean "chain"?\n',
  ],
  [
    "[http]\nport = '1'",
    'cleft.toml:2:8: expected http.port to be a whole number from 0 to 65535, got "1"\n',
  ],
  ["chain = 1\nchain = 1", "cleft.toml:2:1: expected every key once, got this one twice\n"],
  ["chain = ", "cleft.toml:1:9: expected TOML, got an error: unspecified values are invalid\n"],
  ["chain = 0", 'cleft.toml:1:9: expected chain to be at least 1, got "0"\n'],
  [`a = ${"[".repeat(8000)}${"]".repeat(8000)}`, "cleft.toml: expected less nesting\n"],
])("cleft refuses %j with file, line and column", (toml, message) => {
  const home = homeWith(toml);
  const starting = ["--configdir", home.configDir, "--keystore", home.keystore, "--stdio-ui"];
  for (const args of [starting, [...starting, "config", "show"]]) {
    expect(run([...args, "--suppress-bootwarn"])).toEqual({
      exit: 1,
      out: "",
      err: `${home.configDir}/${message}`,
    });
  }
});

test("cleft reads no file that others could have written, no link and nothing too large", () => {
  const home = homeWith("");
  const show = () => run(["--configdir", home.configDir, "config", "show"]);
  chmodSync(fileOf(home), 0o664);
  expect(show()).toMatchObject({
    exit: 1,
    err: `Fatal: expected mode 644 of ${fileOf(home)}, got 664\nhint: if nobody else has changed it: chmod 644 ${fileOf(home)}\n`,
  });
  chmodSync(fileOf(home), 0o644);
  expect(show()).toMatchObject({ exit: 0, err: "" });
  writeFileSync(fileOf(home), "#".repeat(limits.settingsFileBytesMax + 1));
  expect(show().err).toBe(`Fatal: expected at most 65536 bytes in ${fileOf(home)}\n`);
  const link = join(home.configDir, "link");
  symlinkSync(fileOf(home), link);
  expect(run(["--config", link, "config", "show"])).toMatchObject({
    exit: 1,
    err: `Fatal: ${link} is a symbolic link\n`,
  });
});

test.skipIf(process.getuid?.() !== 0)("cleft believes root's file, and no other user's", () => {
  const home = homeWith("chain = 5");
  const nobody = 65_534;
  for (const path of [home.folder, home.configDir]) chmodSync(path, 0o755);
  chmodSync(fileOf(home), 0o644);
  const show = () => run(["--configdir", home.configDir, "config", "show"], nobody);
  expect(show()).toMatchObject({ exit: 0, err: "" });
  chownSync(fileOf(home), nobody - 1, nobody - 1);
  expect(show()).toMatchObject({
    exit: 1,
    err: `Fatal: ${fileOf(home)} belongs to another user\n`,
  });
});

test("cleft refuses a --config that isn't there, and does without the default one", () => {
  const home = homeWith(undefined);
  const { exit, err } = run(["--config", "/nowhere/c.toml", "config", "show"]);
  expect(exit).toBe(1);
  expect(err).toMatch(/^open \/nowhere\/c\.toml: no such file or directory\nhint: /);
  expect(run(["--configdir", home.configDir, "config", "show"])).toMatchObject({
    exit: 0,
    err: "",
  });
});

test("help and --version work whatever stands in the file", () => {
  const { configDir } = homeWith("[");
  expect(run(["--configdir", configDir, "--version"])).toMatchObject({ exit: 0, err: "" });
  expect(run(["--configdir", configDir, "help"])).toMatchObject({ exit: 0, err: "" });
});

test("config show prints what is in force, and its output is a file that means the same", () => {
  const home = homeWith('chains = [1, 10]\nkeystore = "keys"\n\n[http]\nenabled = true\n');
  const args = ["--configdir", home.configDir, "config", "show"];
  const { exit, out, err } = run([...args, "--chainid", "0xa"]);
  expect({ exit, err }).toEqual({ exit: 0, err: "" });
  const shown = (key: string) => out.split("\n").find((line) => line.startsWith(`${key} = `));
  expect(out.startsWith("# The settings in force; saved as cleft.toml they mean the same.\n")).toBe(
    true,
  );
  expect(shown("chain")).toMatch(/^chain = 10 +# --chainid$/);
  expect(shown("chains")).toMatch(/^chains = \[1, 10\] +# cleft\.toml:1$/);
  expect(shown("keystore")).toContain(`"${home.configDir}/keys"`);
  expect(shown("enabled")).toMatch(/^enabled = true +# cleft\.toml:5$/);
  expect(shown("port")).toMatch(/^port = 8550 +# default$/);
  writeFileSync(fileOf(home), out);
  const values = (text: string) =>
    text
      .split("\n")
      .filter((line) => !line.startsWith("#"))
      .map((line) => line.replace(/ +#.*/, ""));
  expect(values(run(args).out)).toEqual(values(out));
});

test("newaccount takes the keystore from the file", () => {
  const home = homeWith('keystore = "keys"\nlight_kdf = true');
  const args = ["--configdir", home.configDir, "newaccount", "--suppress-bootwarn"];
  const { err } = runCommand(args, ["password-0123456789"]);
  expect(err).toContain(`path=${home.configDir}/keys/UTC--`);
});

test("a request of a listed chain is signed for it, one without a chain for the default", async () => {
  const home = homeWith("chains = [1, 10, 0xaa36a7]\nchain = 10");
  const signer = await start({ home });
  const sign = (chainId?: string) => signer.call("account_signTransaction", [payment({ chainId })]);
  expect(await sign()).toMatchObject({ result: { tx: { chainId: "0xa" } } });
  expect(await sign("0x1")).toMatchObject({ result: { tx: { chainId: "0x1" } } });
  expect(await sign("0xaa36a7")).toMatchObject({ result: { tx: { chainId: "0xaa36a7" } } });
  expect(signer.log()).toMatch(/Starting signer +chainid=10 chains=1,10,11155111/);
});

test("a request of another chain is refused with Clef's text, and the window isn't asked", async () => {
  const signer = await start({ home: homeWith("chains = [1, 10]") });
  for (const chainId of ["0x5", "0x0", "0x20000000000001"]) {
    expect(await signer.call("account_signTransaction", [payment({ chainId })])).toMatchObject({
      error: {
        code: -32000,
        message: `requested chainid ${BigInt(chainId)} does not match the configuration of the signer`,
      },
    });
  }
  expect(signer.window.messages.filter(({ id }) => id !== undefined)).toEqual([]);
});

test.each([
  ["the caller named none", undefined],
  ["the caller named the default", "0x1"],
])("a window can't change the chain to another listed one when %s", async (_name, chainId) => {
  const approve = approveAll("password-0123456789");
  const signer = await start({
    home: homeWith("chains = [1, 10]"),
    answerer: (message) =>
      message.method === "ui_approveTx"
        ? { approved: true, transaction: payment({ chainId: "0xa" }) }
        : approve(message),
  });
  expect(await signer.call("account_signTransaction", [payment({ chainId })])).toMatchObject({
    error: { code: -32000, message: "request denied" },
  });
  expect(readLedger(signer)).not.toContain("intent");
});

test("cleft says so when the default chain isn't listed", () => {
  const { configDir } = homeWith("chains = [1, 10]");
  const args = ["--configdir", configDir, "--stdio-ui", "--suppress-bootwarn", "--chainid", "5"];
  expect(run(args)).toEqual({
    exit: 1,
    out: "",
    err: 'expected --chainid to be one of chains = [1, 10], got "5"\nhint: add 5 to chains\n',
  });
});

test("permit_dangerous lets an authorization be asked for that is refused otherwise, and each start warns", async () => {
  const address = `0x${"ff".repeat(20)}`;
  const asked = { from: payment()["from"], chainId: "0x0", address, nonce: "0x1" };
  const permits = ["authorization-any-chain", "authorization-any-delegate"];
  const refusals = ["is not among this signer's delegates", "would count on every chain"];
  for (const [at, refusal] of refusals.entries()) {
    const signer = await start({ home: homeWith(`permit_dangerous = ["${permits[at]}"]`) });
    const { error } = await signer.call("account_signAuthorization", [asked]);
    expect(error?.message).toContain(refusal);
  }
  const toml = `permit_dangerous = ${JSON.stringify(permits)}`;
  const signer = await start({ home: homeWith(toml) });
  for (const permit of permits) expect(signer.log()).toContain(`permit=${permit}`);
  const { result } = await signer.call("account_signAuthorization", [asked]);
  expect(result).toMatchObject({ chainId: "0x0", address, nonce: "0x1" });
  const question = signer.window.messages.find(({ method }) => method === "ui_approveSignData");
  expect(JSON.stringify(question?.params[0]["call_info"])).toContain("EVERY chain");
});
