import { expect, test } from "vitest";
import { type SettingName, settings } from "./settings.ts";
import { parseSettingsFile } from "./settings-file.ts";

const parse = (text: string) =>
  parseSettingsFile(new TextEncoder().encode(text), "/etc/cleft.toml");

test.each<readonly [string, SettingName, string, string]>([
  ["chain = 5", "chainid", "5", "1:9"],
  ["chains = [1,\n 10]", "chains", "1,10", "1:10"],
  ['keystore = "keys"', "keystore", "/etc/keys", "1:12"],
  ["[http]\nenabled = true", "http", "true", "2:11"],
  ["http.port = 1", "http.port", "1", "1:13"],
  ["http = { port = 1 }", "http.port", "1", "1:17"],
  ["[ipc]\nenabled = true", "ipcdisable", "false", "2:11"],
  ['auditlog = ""', "auditlog", "", "1:12"],
  ['listing_ttl = "0"', "listingTtl", "0", "1:15"],
])("parseSettingsFile() reads %j", async (text, name, value, place) => {
  const { values } = await parse(text);
  const [line, column] = place.split(":").map(Number);
  expect([...values]).toEqual([[name, { text: value, line, column }]]);
});

test.each(["", "[http]\n[ipc]\n", "http = {}"])(
  "parseSettingsFile() finds nothing in %j",
  async (text) => {
    expect((await parse(text)).values.size).toBe(0);
  },
);

const manyChains = `chains = [${Array.from({ length: 65 }, (_, at) => at + 1).join(",")}]`;

const refusals: readonly (readonly [text: string, message: string, hint?: string])[] = [
  ["chian = 5", '1:1: expected a key of cleft.toml, got "chian"', 'did you mean "chain"?'],
  ["chainid = 5", '1:1: expected a key of cleft.toml, got "chainid"', 'did you mean "chain"?'],
  [
    "lightkdf = true",
    '1:1: expected a key of cleft.toml, got "lightkdf"',
    'did you mean "light_kdf"?',
  ],
  [
    "[http]\nprot = 1",
    '2:1: expected a key of cleft.toml, got "http.prot"',
    'did you mean "http.port"?',
  ],
  ["vhosts = []", '1:1: expected a key of cleft.toml, got "vhosts"', 'did you mean "http.vhosts"?'],
  ["[htpp]", '1:2: expected a key of cleft.toml, got "htpp"', 'did you mean "http"?'],
  [
    'configdir = "x"',
    '1:1: expected a key of cleft.toml, got "configdir"',
    "only a flag says this: --configdir",
  ],
  [
    manyChains,
    "1:10: expected chains to be a list of at most 64 different chain ids such as [1, 10], got a list",
  ],
  ["http = true", "1:1: expected http to be a table, got true", "write [http]"],
  ["[[http]]", "1:3: expected http to be a table, got an array of tables", "write [http]"],
  ["[http.port]", "1:2: expected http.port to be a whole number from 0 to 65535, got a table"],
  ["[http.port.x]", '1:2: expected a key of cleft.toml, got "http.port.x"'],
  ['"http.port" = 1', '1:1: expected a key of cleft.toml, got "\\"http.port\\""'],
  [
    "toString = 1",
    '1:1: expected a key of cleft.toml, got "toString"',
    `the keys are ${Object.values(settings)
      .flatMap(({ key }) => key ?? [])
      .join(", ")}`,
  ],
  ["__proto__ = 1", '1:1: expected a key of cleft.toml, got "__proto__"'],
  ['"\\u001B[2J" = 1', '1:1: expected a key of cleft.toml, got "<U+001B>[2J"'],
  ["chain = '5'", '1:9: expected chain to be a whole number from 0 to 10^18 - 1, got "5"'],
  [
    "approval_timeout = 5",
    '1:20: expected approval_timeout to be a time from "10s" to "24h" in quotes, such as "90s" or "5m", got 5',
  ],
  [
    "listing_ttl = 0",
    '1:15: expected listing_ttl to be a time of at most "168h" in quotes, such as "8h", or "0" for none, got 0',
  ],
  ["advanced = 1", "1:12: expected advanced to be true or false, got 1"],
  [
    "[http]\nvhosts = 'x'",
    '2:10: expected http.vhosts to be a list of names such as ["localhost"], got "x"',
  ],
  [
    "chains = [1, 1]",
    "1:14: expected chains to be a list of at most 64 different chain ids such as [1, 10], got 1",
  ],
  ["chain = 1\nchain = 1", "2:1: expected every key once, got this one twice"],
];

for (const [text, message, hint] of refusals) {
  test(`parseSettingsFile() refuses ${JSON.stringify(text)} with place and hint`, async () => {
    const refused = { code: "usage", message: `/etc/cleft.toml:${message}` };
    await expect(parse(text)).rejects.toMatchObject(
      hint === undefined ? refused : { ...refused, hint },
    );
  });
}

test("parseSettingsFile() refuses bytes that are no UTF-8", async () => {
  await expect(parseSettingsFile(Uint8Array.of(0x61, 0xff), "f")).rejects.toMatchObject({
    code: "usage",
    message: "f: expected UTF-8, got other bytes",
  });
});
