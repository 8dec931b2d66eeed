import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type InstalledFile, mark } from "./installed-file.ts";
import { planClient, planVault, type Templates, templateNames, type VaultPlaces } from "./plan.ts";

const folder = new URL("../../../../deploy/qubes/", import.meta.url);
const [service, start, autostart, unit] = templateNames;
const text = (name: string) => readFileSync(new URL(name, folder), "utf8");
const templates: Templates = {
  [service]: text(service),
  [start]: text(start),
  [autostart]: text(autostart),
  [unit]: text(unit),
};
const places: VaultPlaces = {
  home: "/home/user",
  node: "/opt/node",
  cleft: "/opt/cleft.mjs",
  service: "/opt/service.mjs",
  configDir: "/home/user/.clef",
  keystore: undefined,
  way: "exec",
};
const client = { home: "/home/user", node: "/opt/node", dispatcher: "/opt/d.mjs", profile: "" };
const listed = (files: readonly InstalledFile[]) =>
  files.map(({ path, owner, content }) => [
    owner,
    content.kind === "link" ? content.to : content.mode.toString(8),
    path,
  ]);
const textOf = (files: readonly InstalledFile[], end: string) => {
  const content = files.find(({ path }) => path.endsWith(end))?.content;
  return content?.kind === "text" ? content.text : "";
};

test("planVault() puts everything where an AppVM keeps it", () => {
  expect(listed(planVault(templates, places))).toEqual([
    ["root", "755", "/usr/local/etc/qubes-rpc/qubes.Clefsign"],
    ["root", "755", "/usr/local/etc/qubes-rpc/qubes.EthSign"],
    ["root", "755", "/usr/local/bin/cleft-vault-start"],
    ["user", "644", "/home/user/.config/autostart/cleft-vault.desktop"],
  ]);
});

test("planVault() lets the services lead to the socket if that is wanted", () => {
  const files = planVault(templates, { ...places, way: "socket" });
  expect(listed(files).slice(0, 2)).toEqual([
    ["root", "/home/user/.clef/qrexec.sock", "/usr/local/etc/qubes-rpc/qubes.Clefsign"],
    ["root", "/home/user/.clef/qrexec.sock", "/usr/local/etc/qubes-rpc/qubes.EthSign"],
  ]);
});

test("planVault() names the folders that were said, whatever they are called", () => {
  const files = planVault(templates, { ...places, configDir: "/my keys/$1", keystore: "/k s" });
  expect(textOf(files, "Clefsign")).toContain(" '/my keys/$1/qrexec.sock' ");
  expect(textOf(files, "start")).toContain(" --configdir '/my keys/$1' --keystore '/k s' ");
});

test("planClient() calls with the profile that was said", () => {
  const withProfile = planClient(templates, { ...client, profile: "defi" });
  expect(listed(withProfile)).toEqual([
    ["user", "644", "/home/user/.config/systemd/user/cleft-dispatcher.service"],
  ]);
  expect(textOf(withProfile, "service")).toContain("/opt/d.mjs --qrexec @default+defi\n");
  expect(textOf(planClient(templates, client), "service")).toContain(" @default\n");
});

test("every text that is planned has the mark and no place left", () => {
  for (const { content } of [...planVault(templates, places), ...planClient(templates, client)]) {
    expect(content).toMatchObject({ text: expect.stringContaining(mark) });
    expect(content).not.toMatchObject({ text: expect.stringMatching(/@[A-Z]+@/) });
  }
});
