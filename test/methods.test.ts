import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "./support/shared.ts";
import { makeHome, type Signer, startSigner } from "./support/signer.ts";

const text = readFileSync(`${root}docs/METHODS.md`, "utf8");
const examples = [...text.matchAll(/^```json\n(.*?)^```$/gms)].map(([, json = ""]) =>
  JSON.parse(json),
);

let signer: Signer;

beforeAll(async () => {
  const home = makeHome({ sample: true });
  mkdirSync(home.configDir, { mode: 0o700 });
  const toml = 'delegates = ["0x63c0c19a282a1B52b07dD5a65b58948A07DAE32B"]';
  writeFileSync(join(home.configDir, "cleft.toml"), toml, { mode: 0o600 });
  signer = await startSigner({ home });
});

afterAll(async () => {
  await signer?.stop();
  signer?.home.remove();
});

test.each(examples.map((example) => [example.method, example] as const))(
  "docs/METHODS.md: the program signs the example of %s",
  async (method, { params }) => {
    expect(await signer.call(method, params)).toMatchObject({ result: expect.anything() });
  },
);

test("docs/METHODS.md has an example for every method that signs", () => {
  const signing = ["Transaction", "Authorization", "TypedData", "Data", "GnosisSafeTx"];
  const names = new Set(examples.map(({ method }) => method));
  expect([...names].sort()).toEqual(signing.map((name) => `account_sign${name}`).sort());
});
