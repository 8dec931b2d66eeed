import { expect, test } from "vitest";
import { serverSettingsOf, wayOf } from "./config.ts";
import { parseArguments } from "./flags.ts";

const way = (...argv: string[]) => wayOf(parseArguments(argv));
const settings = (...argv: string[]) => serverSettingsOf(parseArguments(argv));

test("wayOf() goes through qrexec and leaves the qube to dom0, unless it is told otherwise", () => {
  const byDefault = { kind: "qrexec", target: "@default", profile: "", program: undefined };
  expect(way()).toEqual(byDefault);
  expect(way("--qrexec", "@default")).toEqual(byDefault);
  expect(way("--qrexec=vault+defi")).toEqual({ ...byDefault, target: "vault", profile: "defi" });
  expect(way("--ipc", "/run/clef.ipc")).toEqual({ kind: "ipc", path: "/run/clef.ipc" });
  expect(way("--http", "https://signer.example", "--token-file", "t")).toMatchObject({
    kind: "http",
    tokenFile: "t",
  });
});

test.each([
  [["--qrexec", "@dispvm"]],
  [["--qrexec", "a b"]],
  [["--qrexec", "-x"]],
  [["--qrexec", "vault+"]],
  [["--qrexec", "vault+A"]],
  [["--qrexec", "vault+a+b"]],
  [["--qrexec", "vault", "--ipc", "/x"]],
  [["--ipc", "/x", "--http", "https://a.example"]],
  [["--ipc", ""]],
  [["--ipc", `/${"x".repeat(200)}`]],
  [["--ipc", "/x", "--token-file", "t"]],
  [["--ipc", "/x", "--qrexec-client", "t"]],
  [["--http", "signer"]],
  [["--http", "http://signer.example"]],
  [["--http", "http://10.0.0.1:8550"]],
  [["--http", "ftp://localhost"]],
  [["--http", "https://user:pass@signer.example"]],
  [["--unknown"]],
  [["--ipc"]],
  [["one", "two"]],
])("wayOf() refuses %j", (argv) => {
  expect(() => way(...argv)).toThrow(expect.objectContaining({ code: "usage" }));
});

test.each(["http://localhost:8550", "http://127.0.0.1:8550", "http://[::1]:8550"])(
  "wayOf() takes %s in the clear",
  (url) => {
    expect(way("--http", url)).toMatchObject({ kind: "http" });
  },
);

test("serverSettingsOf() listens on this machine alone, for no page and no other name", () => {
  expect(settings()).toEqual({
    port: 8550,
    addresses: ["127.0.0.1", "::1"],
    vhosts: [],
    origins: [],
  });
});

test("serverSettingsOf() takes lists apart", () => {
  expect(
    settings(
      ...["--vhosts", "Signer.LAN, b", "--origins", "https://a.example,moz-extension://1-2"],
      ...["--listen", "10.0.0.1", "--port", "0"],
    ),
  ).toEqual({
    port: 0,
    addresses: ["10.0.0.1"],
    vhosts: ["signer.lan", "b"],
    origins: ["https://a.example", "moz-extension://1-2"],
  });
});

test.each([
  ["--port", "65536"],
  ["--port", "x"],
  ["--listen", "localhost"],
  ["--vhosts", "*"],
  ["--vhosts", "http://a"],
  ["--origins", "*"],
  ["--origins", "null"],
  ["--origins", "https://A.example"],
  ["--origins", "https://a.example/"],
  ["--origins", "a.example"],
])("serverSettingsOf() refuses %s %s", (...argv) => {
  expect(() => settings(...argv)).toThrow(expect.objectContaining({ code: "usage" }));
});
