import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { type Ended, runCommand } from "../support/command.ts";
import { root } from "../support/shared.ts";
import { makeHome, startSigner } from "../support/signer.ts";
import { installVault, standIn, type Vault } from "../support/vault.ts";

const services = "/usr/local/etc/qubes-rpc";
const bin = `${root}packages/signer/bin/cleft.mjs`;
const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

function install(args: readonly string[] = []): Vault {
  const vault = installVault(args);
  cleanups.push(() => vault.remove());
  return vault;
}

/** Runs a command with a home of its own. */
function cleft(words: readonly string[], folder: string, user: { uid?: number } = {}): Ended {
  const env = { ...process.env, HOME: join(folder, "home"), DISPLAY: ":0" };
  return runCommand(words, [], { env, ...user });
}

function emptyFolder(): string {
  const home = makeHome({ sample: false });
  cleanups.push(() => home.remove());
  return home.folder;
}

/** What a file is: its mode, or where it leads. */
function kindOf(path: string): string {
  const status = lstatSync(path);
  return status.isSymbolicLink() ? readlinkSync(path) : (status.mode & 0o777).toString(8);
}

test("cleft qubes install --role vault writes all files, and says each and what is next", () => {
  const vault = install();
  const { exit, out, err } = vault.installed;
  expect([exit, err]).toEqual([0, ""]);
  const home = join(vault.folder, "home");
  const modes: readonly (readonly [string, string])[] = [
    [`${services}/qubes.Clefsign`, "755"],
    [`${services}/qubes.EthSign`, "755"],
    ["/usr/local/bin/cleft-vault-start", "755"],
    [`${home}/.config/autostart/cleft-vault.desktop`, "644"],
  ];
  for (const [path, mode] of modes) {
    expect(kindOf(vault.at(path))).toBe(mode);
    expect(out).toContain(`written   ${vault.at(path)} (mode ${mode})`);
  }
  expect(readdirSync(vault.at(services))).toHaveLength(2);
  expect(out).toContain("The signer isn't started yet.");
  expect(out).toContain("sudo qubes-policy-editor 30-cleft");
  expect(out).toContain(`allow target=${hostname()}`);
});

test("cleft qubes install --socket-service lets both services lead to the socket", () => {
  const vault = install(["--socket-service"]);
  for (const name of ["qubes.Clefsign", "qubes.EthSign"]) {
    expect(kindOf(vault.at(`${services}/${name}`))).toBe(vault.socket);
  }
});

test("cleft qubes install again changes nothing; what it didn't write is kept and said", () => {
  const folder = emptyFolder();
  const place = ["--configdir", join(folder, "c"), "qubes", "install", "--role", "vault"];
  const words = [...place, "--root", join(folder, "root")];
  const old = join(folder, "root", services, "qubes.Clefsign");
  mkdirSync(dirname(old), { recursive: true });
  writeFileSync(old, "SIGNER_CMD=old", { mode: 0o755 });
  expect(cleft(words, folder).out).toContain(`what was there is now ${old}.before-cleft`);
  expect(readFileSync(`${old}.before-cleft`, "utf8")).toBe("SIGNER_CMD=old");
  const { out } = cleft(words, folder);
  expect(out.match(/^unchanged/gm)).toHaveLength(4);
  expect(out).not.toMatch(/^(?:written|replaced)/m);
});

test("cleft qubes install --print shows every file and writes none", () => {
  const folder = emptyFolder();
  const words = ["--configdir", "/c d", "qubes", "install", "--role", "vault", "--print"];
  const { exit, out } = cleft(words, folder);
  expect(exit).toBe(0);
  expect(out.match(/^# \/.* \((?:root|user), mode \d+\)$/gm)).toHaveLength(4);
  expect(out).toContain(`${bin} --configdir '/c d'`);
  expect(readdirSync(folder)).toEqual([]);
});

test("cleft qubes install --role client writes the dispatcher's unit with its profile", () => {
  const folder = emptyFolder();
  const words = ["qubes", "install", "--role", "client", "--profile", "defi"];
  const { exit, out } = cleft([...words, "--root", join(folder, "root")], folder);
  expect(exit).toBe(0);
  const unit = join(folder, "root", folder, "home/.config/systemd/user/cleft-dispatcher.service");
  expect(kindOf(unit)).toBe("644");
  const dispatcher = `${root}packages/dispatcher/bin/cleft-dispatcher.mjs`;
  expect(readFileSync(unit, "utf8")).toContain(
    `ExecStart=${process.execPath} ${dispatcher} --qrexec @default+defi\n`,
  );
  expect(out).toContain("systemctl --user enable --now cleft-dispatcher");
  expect(out).toMatch(/qubes\.Clefsign {2}\+defi {2}\S+ +@default {2}allow target=vault/);
});

test.each<readonly [readonly string[], string]>([
  [[], 'expected --role vault or --role client, got ""'],
  [["--role", "dom0"], "expected --role vault or --role client"],
  [["--role", "vault", "--profile", "a"], "--profile is for --role client"],
  [["--role", "client", "--socket-service"], "--socket-service is for --role vault"],
  [["--role", "client", "--profile", "A b"], "expected --profile to have at most 32"],
  [["--role", "vault", "more"], "expected at most 0 arguments"],
])("cleft qubes install %j is refused and writes nothing", (words, message) => {
  const folder = emptyFolder();
  const { exit, err } = cleft(["qubes", "install", "--root", folder, ...words], folder);
  expect([exit, err]).toEqual([1, expect.stringContaining(message)]);
  expect(readdirSync(folder)).toEqual([]);
});

test.runIf(process.getuid?.() === 0)("root has to be told whose signer it is", () => {
  const folder = emptyFolder();
  const { exit, err } = cleft(["qubes", "install", "--role", "vault"], folder);
  expect([exit, err]).toEqual([1, expect.stringContaining("expected --configdir to be said")]);
  expect(cleft(["qubes", "install", "--role", "client"], folder).err).toContain("is root's");
});

test("cleft doctor passes what was installed, and names what is broken with what to do", () => {
  const vault = install();
  const doctor = ["--configdir", vault.configDir, "doctor", "--root", vault.at("/")];
  const fine = cleft(doctor, vault.folder);
  expect([fine.exit, fine.err]).toEqual([0, ""]);
  expect(fine.out).toContain("ok     service qubes.Clefsign can be called\n");
  expect(fine.out).toContain("warn   no signer runs: the next call starts it\n       do: /");
  const config = vault.at("/etc/qubes/rpc-config");
  mkdirSync(config, { recursive: true });
  writeFileSync(join(config, "qubes.Clefsign"), "skip-service-descriptor=true\n");
  const broken = cleft(doctor, vault.folder);
  expect([broken.exit, broken.err]).toEqual([1, "1 of 10 checks failed\n"]);
  expect(broken.out).toContain(`WRONG  ${config}/qubes.Clefsign has skip-service-descriptor=true`);
  expect(broken.out).toContain("\n       do: take the line out\n");
  rmSync(vault.at(`${services}/qubes.EthSign`));
  const again = `do: ${bin} --configdir ${vault.configDir} qubes install --role vault\n`;
  expect(cleft(doctor, vault.folder).out).toContain(again);
});

test("cleft doctor doesn't wait for a pipe, and says that it can't be read", () => {
  const vault = install();
  const config = vault.at("/etc/qubes/rpc-config");
  mkdirSync(config, { recursive: true });
  execFileSync("mkfifo", [join(config, "qubes.Clefsign")]);
  const doctor = ["--configdir", vault.configDir, "doctor", "--root", vault.at("/")];
  const { exit, out } = cleft(doctor, vault.folder);
  expect(exit).toBe(0);
  expect(out).toContain(`warn   ${config}/qubes.Clefsign is unreadable: it is no file`);
});

test("cleft doctor says in words why a signer can't be asked, and goes on", async () => {
  const vault = install();
  mkdirSync(vault.configDir, { mode: 0o700 });
  const control = join(vault.configDir, "control.sock");
  const stand = await standIn(control, () => undefined);
  cleanups.push(() => stand.stop());
  chmodSync(vault.configDir, 0o755);
  for (const path of [vault.folder, control]) chmodSync(path, 0o755);
  const doctor = ["--configdir", vault.configDir, "doctor", "--root", vault.at("/")];
  const asNobody = process.getuid?.() === 0 ? { uid: 65_534 } : {};
  chmodSync(control, 0);
  const { exit, out } = cleft(doctor, vault.folder, asNobody);
  expect(exit).toBe(1);
  expect(out).toContain("WRONG  cleft can't be asked: permission denied\n       do: ");
  expect(out).toContain("a network");
  expect(out).not.toMatch(/\bE[A-Z]{4,}\b/);
});

test("cleft doctor finds a signer that serves, and leaves no trace in its log", async () => {
  const vault = install();
  const home = makeHome({ sample: true });
  const served = { ...home, configDir: vault.configDir };
  const signer = await startSigner({ home: served, args: ["--qrexec"] });
  try {
    const words = ["--configdir", vault.configDir, "doctor", "--root", vault.at("/")];
    const { exit, out } = cleft(words, vault.folder);
    expect(exit).toBe(0);
    expect(out).toContain("ok     the signer is ready\n");
    expect(out).toContain(`ok     ${vault.socket} answers\n`);
    expect(signer.log()).not.toContain("descriptor");
  } finally {
    await signer.stop();
    home.remove();
  }
  expect(existsSync(vault.socket)).toBe(false);
});

/** The start script, for which only these programs are there, each of which says its arguments. */
function startScript(vault: Vault, terminals: readonly string[]): string {
  const [path, folder] = [vault.at("/usr/local/bin/cleft-vault-start"), join(vault.folder, "bin")];
  mkdirSync(folder);
  for (const name of terminals) {
    writeFileSync(join(folder, name), `#!/bin/sh\necho ${name} "$@"\n`, { mode: 0o755 });
  }
  const text = readFileSync(path, "utf8");
  writeFileSync(path, text.replace(/^PATH=.*$/m, `PATH='${folder}'`));
  return path;
}

const start = (path: string, args: readonly string[], env: NodeJS.ProcessEnv) =>
  spawnSync(path, args, { env, encoding: "utf8", input: "\n" });

test.each([
  ["x-terminal-emulator", "-T Cleft -e START --inside"],
  ["xfce4-terminal", "--disable-server --title=Cleft -x START --inside"],
  ["gnome-terminal", "--title=Cleft -- START --inside"],
  ["konsole", "--separate -p tabtitle=Cleft -e START --inside"],
  ["xterm", "-T Cleft -e START --inside"],
])("cleft-vault-start opens %s as that one wants it", (terminal, args) => {
  const path = startScript(install(), [terminal]);
  const { status, stdout } = start(path, [], { DISPLAY: ":0" });
  expect([status, stdout]).toEqual([0, `${terminal} ${args.replace("START", path)}\n`]);
});

test("cleft-vault-start ends with 1 where it can't open a window", () => {
  const path = startScript(install(), []);
  expect(start(path, [], {})).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("display"),
  });
  expect(start(path, [], { WAYLAND_DISPLAY: "w" })).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("no terminal emulator"),
  });
});

test("cleft-vault-start opens no second window, and keeps one whose signer couldn't start", async () => {
  const vault = install();
  const path = startScript(vault, ["xterm"]);
  const home = makeHome({ sample: true });
  const served = { ...home, configDir: vault.configDir };
  const signer = await startSigner({ home: served, args: ["--qrexec"] });
  try {
    expect(start(path, [], { DISPLAY: ":0" })).toMatchObject({ status: 0, stdout: "" });
    // Two that were opened in the same moment: the second one has nothing to say.
    const second = start(path, ["--inside"], { HOME: home.folder });
    expect(second).toMatchObject({ status: 0, stdout: expect.not.stringContaining("Press Enter") });
    await signer.stop();
    writeFileSync(join(vault.configDir, "cleft.toml"), "chain = ", { mode: 0o600 });
    const inside = start(path, ["--inside"], { HOME: home.folder });
    expect(inside).toMatchObject({ status: 1, stdout: expect.stringContaining("Press Enter") });
    expect(inside.stderr).toContain("cleft.toml:1:");
  } finally {
    await signer.stop();
    home.remove();
  }
});

test("cleft-vault-start takes a signer that serves no qubes for none, and says what to do", async () => {
  const vault = install();
  const path = startScript(vault, ["xterm"]);
  const home = makeHome({ sample: true });
  const signer = await startSigner({ home: { ...home, configDir: vault.configDir } });
  try {
    const said = new RegExp(
      `^Cleft runs \\(process (\\d+)\\), but serves no qubes: .* --qrexec\n` +
        `do: end it \\(Ctrl-C in its window, or: kill \\1\\), then: ${path}\n$`,
      "m",
    );
    expect(start(path, [], { DISPLAY: ":0" })).toMatchObject({
      ...{ status: 1, stdout: "", stderr: expect.stringMatching(said) },
    });
    // Its window stays until it was read.
    const inside = start(path, ["--inside"], { HOME: home.folder });
    expect(inside).toMatchObject({ status: 1, stdout: expect.stringContaining("Press Enter") });
    expect(inside.stderr).toMatch(said);
    const [, process = ""] = said.exec(inside.stderr) ?? [];
    spawnSync("kill", [process]);
    await signer.stop();
    expect(start(path, [], { DISPLAY: ":0" })).toMatchObject({ status: 0, stderr: "" });
  } finally {
    await signer.stop();
    home.remove();
  }
});

test("docs/QUBES.md has the lines for dom0, and what starts the dispatcher, as they are printed", () => {
  const text = readFileSync(`${root}docs/QUBES.md`, "utf8");
  const folder = emptyFolder();
  const words = ["qubes", "install", "--role", "client", "--root", join(folder, "root")];
  const { out } = cleft(words, folder);
  const commands = out.match(/^ {2}systemctl .*$/gm) ?? [];
  const policy = out.match(/^ {2}qubes\..*$/gm) ?? [];
  expect([commands.length, policy.length]).toEqual([2, 4]);
  const plain = (lines: string) => lines.replace(/^ {2}/gm, "").replace(/ +/g, " ");
  const asks = hostname();
  const own = policy.map((line) => line.replace(` ${asks} `, " work "));
  for (const lines of [commands, own]) {
    expect(plain(text)).toContain(`\n${plain(lines.join("\n"))}\n`);
  }
});

test("the rules of docs/QUBES.md are such that the signer takes, and its files are those that are written", () => {
  const vault = install();
  const text = readFileSync(`${root}docs/QUBES.md`, "utf8");
  const [, toml = ""] = /^```toml\n([\s\S]*?)^```$/m.exec(text) ?? [];
  const file = join(vault.folder, "doc.toml");
  writeFileSync(file, toml, { mode: 0o600 });
  expect(cleft(["--config", file, "config", "show"], vault.folder)).toMatchObject({
    exit: 0,
    out: expect.stringContaining('[qube."work+defi"]'),
  });
  for (const name of vault.installed.out.matchAll(/^written .*\/(\S+) /gm)) {
    expect(text).toContain(name[1]);
  }
});
