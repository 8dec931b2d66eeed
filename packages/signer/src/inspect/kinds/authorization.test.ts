import { expect, test } from "vitest";
import { checksummed, zeroAddress } from "../../domain/address.ts";
import { addressOf } from "../../domain/fakes.ts";
import { parseUint64 } from "../../domain/quantity.ts";
import { inspectAuthorization } from "./authorization.ts";

const account = addressOf("a");
const delegate = addressOf("d");

function review(changes: object = {}) {
  const nonce = parseUint64("0x7");
  if (nonce === undefined) throw new Error("no nonce");
  const spelled = { address: account, text: account };
  const base = { tag: "authorization", account: spelled, chainId: 1n, delegate, nonce } as const;
  return inspectAuthorization({ ...base, ...changes });
}

test("inspectAuthorization() says in red that the account is given away, and to what", () => {
  const { headline, findings, fields, confirmation } = review();
  expect(headline).toBe("Give your account to a contract on Ethereum (chain 1)");
  expect(findings).toMatchObject([
    { severity: "critical", message: expect.stringContaining(checksummed(delegate)) },
  ]);
  expect(fields.map(({ value }) => value)).toEqual([
    ...[checksummed(account), checksummed(delegate), "Ethereum (chain 1)", "7"],
  ]);
  expect(confirmation.text).toBe(checksummed(account).slice(-4));
  expect(findings[0]?.confirmation).toEqual({
    text: checksummed(delegate).slice(-4),
    at: "gets code",
  });
});

test("inspectAuthorization() says that chain 0 is every chain", () => {
  const { headline, findings } = review({ chainId: 0n });
  expect(headline).toContain("EVERY chain");
  expect(findings.map(({ severity }) => severity)).toEqual(["critical", "critical"]);
});

test("inspectAuthorization() tells taking code away from giving it", () => {
  const { headline, findings } = review({ delegate: zeroAddress });
  expect(headline).toBe("Take away the code of your account on Ethereum (chain 1)");
  expect(findings.map(({ severity }) => severity)).toEqual(["warning"]);
});
