import fc from "fast-check";
import { expect, test } from "vitest";
import { parseConfig } from "./config.ts";
import { settingsText } from "./config-show.ts";
import { parseArguments } from "./parse-arguments.ts";
import { parseSettingsFile } from "./settings-file.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

async function show(argv: readonly string[], toml?: string) {
  const flags = parseArguments(argv);
  const args =
    toml === undefined
      ? flags
      : flags.withFile(await parseSettingsFile(bytes(toml), "/etc/c.toml"));
  const config = parseConfig(args, { terminalKind: "screen" });
  return { text: settingsText(args, config), config };
}

test("settingsText() says each value and where it comes from, comments in one column", async () => {
  const delegates = [
    "0x63c0c19a282a1B52b07dD5a65b58948A07DAE32B",
    "0x5A7FC11397E9a8AD41BF10bf13F22B0a63f96f6d",
  ];
  const toml = `chains = [1, 10]
delegates = ["${delegates.join('", "')}"]
[http]
enabled = true
vhosts = ["a", "signer.internal.example"]`;
  const argv = ["--configdir=/c", "--keystore=/k", "--chainid=0xa", "--config=/etc/c.toml"];
  const long = `/${"long/".repeat(12)}x`;
  const { text } = await show([...argv, "--auditlog", long], toml);
  expect(text).toBe(`# The settings in force; saved as cleft.toml they mean the same.
# configuration directory: /c
# file: /etc/c.toml

keystore = "/k"                            # --keystore
chain = 10                                 # --chainid
light_kdf = false                          # default
advanced = false                           # default
loglevel = 3                               # default
# --auditlog:
auditlog = "${long}"
chains = [1, 10]                           # c.toml:1
# c.toml:2:
delegates = [
  "${delegates[0]}",
  "${delegates[1]}",
]
permit_dangerous = []                      # default
blob_compute_max = 2                       # default
approval_timeout = "5m"                    # default
listing_ttl = "8h"                         # default

[http]
enabled = true                             # c.toml:4
addr = "localhost"                         # default
port = 8550                                # default
vhosts = ["a", "signer.internal.example"]  # c.toml:5
findings = "reject"                        # default

[ipc]
enabled = true                             # default
path = "/c"                                # default
findings = "reject"                        # default

[qrexec]
enabled = false                            # default
findings = "show"                          # default`);
  expect((await show(["--configdir=/c"])).text).toContain(
    "# file: /c/cleft.toml (there is none)\n",
  );
});

test.each([
  [["--advanced"], 'http.findings = "reject"', ["--advanced", "--advanced", "--advanced"]],
  [[], "advanced = true", ["c.toml:1", "c.toml:1", "default"]],
  [[], 'advanced = true\nhttp.findings = "reject"', ["c.toml:2", "c.toml:1", "default"]],
])("settingsText() says who decides on findings: %j over %j", async (argv, toml, sources) => {
  const { text } = await show(["--configdir=/c", "--config=/etc/c.toml", ...argv], toml);
  expect([...text.matchAll(/^findings = .* # (.*)$/gm)].map(([, source]) => source)).toEqual(
    sources,
  );
});

test("settingsText() saved as the file means the same", async () => {
  const flag = fc.constantFrom(
    ...["--http", "--ipcdisable", "--advanced", "--lightkdf=1", "--chainid=0x5", "--loglevel=9"],
    ...[
      "--auditlog=",
      '--auditlog=/a\u0007\u202e"\\',
      "--ipcpath=/x",
      "--http.vhosts=",
      "--http.vhosts=a, b",
      `--http.vhosts=${"host.example,".repeat(9)}`,
    ],
    ...["--keystore=/k", "--http.port=0"],
  );
  await fc.assert(
    fc.asyncProperty(fc.array(flag), async (argv) => {
      const { text, config } = await show(["--configdir=/c", ...argv]);
      expect((await show(["--configdir=/c"], text)).config).toEqual(config);
    }),
  );
});
