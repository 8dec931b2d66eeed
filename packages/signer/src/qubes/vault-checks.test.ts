import type { Finding } from "@cleft/protocol/doctor.ts";
import { expect, test } from "vitest";
import { examine, type FileStatus, type RunningSigner, type System } from "./check.ts";
import { mark } from "./installed-file.ts";
import { vaultChecks, vaultSetup } from "./vault-checks.ts";

const places = { root: "/", home: "/home/user", configDir: "/c", cleft: "/opt/cleft.mjs -c /c" };
const setup = vaultSetup(places);
const service = "/usr/local/etc/qubes-rpc/qubes.Clefsign";
const other = "/usr/local/etc/qubes-rpc/qubes.EthSign";
const script = `# ${mark}\n  '/my node' /service.mjs /c/qrexec.sock /start`;
const file = (mode: number): FileStatus => ({ kind: "file", mode });
const socket: FileStatus = { kind: "socket", mode: 0o600 };
const link = (to = "/c/qrexec.sock"): FileStatus => ({ kind: "link", mode: 0o777, to });

/** A vault as it should be. */
const sound = {
  files: {
    [service]: file(0o755),
    [other]: file(0o755),
    "/my node": file(0o755),
    "/service.mjs": file(0o644),
    "/usr/local/bin/cleft-vault-start": file(0o755),
    "/home/user/.config/autostart/cleft-vault.desktop": file(0o644),
    "/c": { kind: "folder", mode: 0o700 },
    "/c/qrexec.sock": socket,
  } as Readonly<Record<string, FileStatus | undefined>>,
  texts: { [service]: script, [other]: script } as Readonly<Record<string, string>>,
  unreadable: undefined as string | undefined,
  listens: true,
  signer: { state: "ready", qrexec: "/c/qrexec.sock" } as RunningSigner | undefined,
  interfaces: ["lo"] as readonly string[],
  env: { DISPLAY: ":0" } as Readonly<Record<string, string>>,
};
type Vault = typeof sound;

function systemOf({ files, texts, unreadable, listens, signer, interfaces, env }: Vault): System {
  const folder = (path: string) => `${path}/`;
  return {
    status: async (path) => files[path],
    target: async (path) => files[files[path]?.to ?? path],
    read: async (path) => {
      if (unreadable === path) return { unreadable: "it is a pipe" };
      const text = texts[path];
      return text === undefined ? undefined : { text };
    },
    list: async (path) =>
      Object.keys(texts)
        .filter((name) => name.startsWith(folder(path)))
        .map((name) => name.slice(folder(path).length)),
    listens: async () => listens,
    signer: async () => signer,
    interfaces: async () => interfaces,
    env,
  };
}

const findings = (change: Partial<Vault>): Promise<readonly Finding[]> =>
  examine(vaultChecks, systemOf({ ...sound, ...change }), setup);
const withFiles = (files: Vault["files"]) => ({ files: { ...sound.files, ...files } });
const withTexts = (texts: Vault["texts"]) => ({ texts: { ...sound.texts, ...texts } });
/** Node is a link; the other service is the socket, so that one line is wrong and not two. */
const nodeLinkTo = (found: FileStatus | undefined) =>
  withFiles({ [other]: link(), "/my node": link("/node"), "/node": found });

test("a vault as it should be passes every check", async () => {
  const all = await findings({});
  expect(all.filter(({ state }) => state !== "ok")).toEqual([]);
  expect(all).toHaveLength(10);
});

const faults: readonly (readonly [string, Partial<Vault>, Finding["state"], string, string])[] = [
  ["no service", withFiles({ [service]: undefined }), "wrong", "there is none at", "install"],
  ["no exec bit", withFiles({ [service]: file(0o644) }), "wrong", "can't be run", "chmod 755"],
  ["a folder", withFiles({ [other]: { kind: "folder", mode: 0o755 } }), "wrong", "no program", ""],
  ["a foreign script", withTexts({ [service]: "#!/bin/sh" }), "warn", "isn't Cleft's", "install"],
  [
    "a lost Node",
    withTexts({ [service]: script.replace("/my node", "/old node") }),
    "wrong",
    "runs /old node",
    "install",
  ],
  [
    "a lost program",
    withTexts({ [service]: script.replace("/service", "/old") }),
    "wrong",
    "runs /old.mjs",
    "install",
  ],
  ["a Node that leads nowhere", nodeLinkTo(undefined), "wrong", "runs /my node", "install"],
  ["a Node that can't be run", nodeLinkTo(file(0o644)), "wrong", "runs /my node", "install"],
  ["a folder for a Node", nodeLinkTo({ kind: "folder", mode: 0o755 }), "wrong", "runs /my", ""],
  [
    "another folder",
    withTexts({ [service]: script.replace("/c/", "/d/") }),
    "wrong",
    "serves /d/qrexec.sock, not /c",
    "--configdir",
  ],
  ["a wrong link", withFiles({ [other]: link("/d/x") }), "wrong", "leads to /d/x", "--socket-s"],
  [
    "a service that comes first",
    withTexts({ "/run/qubes-rpc/qubes.Clefsign+defi": "" }),
    "wrong",
    "/run/qubes-rpc/qubes.Clefsign+defi is called",
    "move it away",
  ],
  [
    "one of a profile after ours, which comes first all the same",
    withTexts({ "/etc/qubes-rpc/qubes.Clefsign+defi": "" }),
    "wrong",
    "/etc/qubes-rpc/qubes.Clefsign+defi is called",
    "move it away",
  ],
  [
    "one of a profile beside ours",
    withTexts({ "/usr/local/etc/qubes-rpc/qubes.EthSign+": "" }),
    "wrong",
    "/usr/local/etc/qubes-rpc/qubes.EthSign+ is called",
    "move it away",
  ],
  [
    "no descriptor",
    withTexts({ "/etc/qubes/rpc-config/qubes.EthSign": "x=1\nskip-service-descriptor \t= true\n" }),
    "wrong",
    "a caller could name itself",
    "take the line out",
  ],
  [
    "no late answers",
    withTexts({ "/usr/local/etc/qubes/rpc-config/qubes.Clefsign+a": "exit-on-client-eof=1" }),
    "wrong",
    "late answers are lost",
    "take the line out",
  ],
  [
    "a setting that can't be read",
    {
      ...withTexts({ "/etc/qubes/rpc-config/qubes.Clefsign": "" }),
      unreadable: "/etc/qubes/rpc-config/qubes.Clefsign",
    },
    "warn",
    "/etc/qubes/rpc-config/qubes.Clefsign is unreadable: it is a pipe",
    "look at what it is",
  ],
  ["a service that can't be read", { unreadable: other }, "warn", `${other} is unreadable`, "look"],
  ["a wide folder", withFiles({ "/c": { kind: "folder", mode: 0o755 } }), "wrong", "755", "700"],
  ["no folder yet", withFiles({ "/c": undefined }), "warn", "none yet", "cleft-vault-start"],
  [
    "a wide socket",
    withFiles({ "/c/qrexec.sock": { ...socket, mode: 0o666 } }),
    "wrong",
    "666",
    "",
  ],
  ["no socket", withFiles({ "/c/qrexec.sock": undefined }), "warn", "there is none", "vault-start"],
  ["a file for a socket", withFiles({ "/c/qrexec.sock": file(0o600) }), "wrong", "no socket", ""],
  ["a stale socket", { listens: false }, "warn", "its signer has ended", "vault-start"],
  ["no signer", { signer: undefined }, "warn", "the next call starts it", "cleft-vault-start"],
  [
    "no signer, and nothing to start it",
    { signer: undefined, ...withFiles({ [service]: link(), [other]: link() }) },
    "wrong",
    "doesn't start it",
    "cleft-vault-start",
  ],
  [
    "a signer for others",
    { signer: { state: "ready", qrexec: "n/a" } },
    "wrong",
    "no qubes",
    "then: /usr",
  ],
  [
    "a signer that is stopped",
    { signer: { silent: "no answer", hint: "look" } },
    "wrong",
    "no a",
    "l",
  ],
  [
    "a locked one",
    { signer: { state: "locked", qrexec: "/c" } },
    "warn",
    "locked",
    ".mjs -c /c unlock",
  ],
  [
    "no start",
    withFiles({ "/usr/local/bin/cleft-vault-start": undefined }),
    "wrong",
    "no such program",
    "install",
  ],
  [
    "no autostart",
    withFiles({ "/home/user/.config/autostart/cleft-vault.desktop": undefined }),
    "warn",
    "first call",
    "install",
  ],
  ["no screen", { env: {} }, "warn", "no screen", "terminal of the vault"],
  ["a network", { interfaces: ["lo", "eth0"] }, "warn", "a network: eth0", "netvm ''"],
];

test.each(faults)("%s is found, alone, with what to do", async (_, change, state, what, hint) => {
  const bad = (await findings(change)).filter((finding) => finding.state !== "ok");
  expect(bad).toEqual([
    { state, what: expect.stringContaining(what), hint: expect.stringContaining(hint) },
  ]);
});

test("what is to be done names the program as it can be run, and the folder that was said", async () => {
  const all = await findings({ ...withFiles({ [service]: undefined }), texts: {} });
  const hints = all.flatMap(
    ({ hint = "" }) => hint.match(/\S*cleft\S* .*(?:install|unlock).*/g) ?? [],
  );
  expect([...new Set(hints)]).toEqual(["/opt/cleft.mjs -c /c qubes install --role vault"]);
});

test("what starts a signer isn't named before what installs it", async () => {
  const start = "/usr/local/bin/cleft-vault-start";
  const all = await findings({ signer: undefined, ...withFiles({ [start]: undefined }) });
  const install = "/opt/cleft.mjs -c /c qubes install --role vault";
  expect(all.find(({ what }) => what.startsWith("no signer"))?.hint).toBe(
    `${install}, then: ${start}`,
  );
});

test("a Node that is a link to a program, and a service after ours, are right too", async () => {
  const etc = withTexts({ "/etc/qubes-rpc/qubes.Clefsign": "", "/etc/qubes-rpc/qubes.Gpg+a": "" });
  const all = await findings({ ...nodeLinkTo(file(0o755)), ...etc });
  expect(all.filter(({ state }) => state !== "ok")).toEqual([]);
});

test("services that lead to the socket are right too", async () => {
  const all = await findings(withFiles({ [service]: link(), [other]: link() }));
  expect(all.filter(({ state }) => state !== "ok")).toEqual([]);
});

test("a bad setting is found also behind one that can't be read", async () => {
  const folder = "/etc/qubes/rpc-config";
  const texts = {
    [`${folder}/qubes.Clefsign`]: "",
    [`${folder}/qubes.EthSign`]: "exit-on-client-eof=1",
  };
  const all = await findings({ ...withTexts(texts), unreadable: `${folder}/qubes.Clefsign` });
  expect(all.filter(({ state }) => state === "wrong")).toHaveLength(1);
});
