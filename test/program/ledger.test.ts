import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../support/shared.ts";
import { makeHome, payment, sampleAccounts, startSigner } from "../support/signer.ts";
import { start } from "./running.ts";

test("a ledger that is wider than its owner: nothing starts, and the hint says what to do", async () => {
  const home = makeHome({ sample: true });
  const first = await start({ home });
  await first.call("account_list");
  await first.stop();
  chmodSync(join(home.configDir, "ledger.jsonl"), 0o644);
  await expect(startSigner({ home })).rejects.toThrow(
    /hint: if nobody else has changed it: chmod 600/,
  );
});

test("a ledger that was edited: nothing starts", async () => {
  const home = makeHome({ sample: true });
  const first = await start({ home });
  await first.call("account_list");
  await first.call("account_list");
  await first.stop();
  const path = join(home.configDir, "ledger.jsonl");
  writeFileSync(path, readFileSync(path, "utf8").replace("account_list", "account_lost"));
  await expect(startSigner({ home })).rejects.toThrow(/Fatal: the ledger doesn't verify/);
});

test("a ledger that lost its tail: nothing starts", async () => {
  const home = makeHome({ sample: true });
  const first = await start({ home });
  await first.call("account_list");
  await first.stop();
  writeFileSync(join(home.configDir, "ledger.jsonl"), "");
  await expect(startSigner({ home })).rejects.toThrow(/records up to 1 were written, 0 are left/);
});

test("a ledger that can't be written: nothing is signed, the caller and the log know why", async () => {
  const signer = await start();
  // Root writes everywhere, so the folder goes away instead of losing its permissions.
  renameSync(signer.home.configDir, `${signer.home.configDir}-away`);
  writeFileSync(signer.home.configDir, "");
  const { error } = await signer.call("account_signTransaction", [payment()]);
  expect(error?.message).toBe("the signer can't record the request, nothing was signed");
  expect(signer.log()).toContain("ledger.broken");
  expect(signer.log()).toContain("hint=");
  const log = readFileSync(join(`${signer.home.configDir}-away`, "ledger.jsonl"), "utf8");
  expect(log).not.toContain('"signed":"0x');
});

test.each<[string, (path: string) => void]>([
  ["removed", (path) => rmSync(path)],
  ["cut", (path) => truncateSync(path)],
  ["written to", (path) => appendFileSync(path, "{}\n")],
  [
    "replaced",
    (path) => {
      renameSync(path, `${path}.old`);
      copyFileSync(`${path}.old`, path);
    },
  ],
])("a ledger that was %s while it is written: nothing is signed any more", async (_, act) => {
  const signer = await start();
  await signer.call("account_list");
  act(join(signer.home.configDir, "ledger.jsonl"));
  for (let tries = 0; tries < 2; tries++) {
    const { error, result } = await signer.call("account_signTransaction", [payment()]);
    expect(result).toBeUndefined();
    expect(error?.message).toBe("the signer can't record the request, nothing was signed");
  }
  expect(signer.log()).toContain("ledger.broken");
});

const inNamespace = ["unshare", ...(process.getuid?.() === 0 ? ["-n"] : ["-rn"])];
const hasNamespaces =
  spawnSync(inNamespace[0] ?? "", [...inNamespace.slice(1), "true"]).status === 0;
if (!hasNamespaces) console.warn("SKIPPED: network namespaces can't be made here");

test.skipIf(!hasNamespaces)(
  "a command in another network namespace doesn't write into the ledger of a running signer",
  async () => {
    const signer = await start();
    await signer.call("account_list");
    const { keystore, configDir } = signer.home;
    const cleft = (...words: string[]) => {
      const flags = ["--keystore", keystore, "--configdir", configDir, "--suppress-bootwarn"];
      const [program = "", ...args] = [
        ...inNamespace,
        process.execPath,
        `${root}packages/signer/bin/cleft.mjs`,
      ];
      return spawnSync(program, [...args, ...flags, ...words], { encoding: "utf8" });
    };
    const label = cleft("account", "label", sampleAccounts[0], "Savings");
    expect(label.stderr).toBe("");
    await signer.call("account_signTransaction", [payment()]);
    expect(cleft("audit", "verify").stdout).toContain("verifies");
    expect(readFileSync(join(configDir, "ledger.jsonl"), "utf8")).toContain("account label");
    expect(cleft().stderr).toContain(`another cleft uses ${configDir}`);
  },
);
