import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Secret } from "../../packages/signer/src/domain/secret.ts";
import { standardKdf } from "../../packages/signer/src/vault/kdf.ts";
import { encodeKeyFile, parseKeyFile } from "../../packages/signer/src/vault/keyfile.ts";
import { seal, unseal } from "../../packages/signer/src/vault/seal.ts";
import { type Home, sampleAccounts, samplePassword } from "../support/signer.ts";

const uuid = "3198bc9c-6672-5ab3-d995-4942343ae5b6";

/** Seals a home's first account anew, so that there is a second between its intent and its outcome. */
export function slowDown({ keystore }: Home): void {
  const suffix = sampleAccounts[0].slice(2).toLowerCase();
  const name = readdirSync(keystore).find((file) => file.endsWith(suffix)) ?? "";
  const path = join(keystore, name);
  const { address, sealed } = parseKeyFile(readFileSync(path));
  const password = () => Secret.taking(Buffer.from(samplePassword));
  const secrets = { key: unseal(sealed, password()), password: password() };
  const random = { salt: randomBytes(32), iv: randomBytes(16) };
  const slow = seal(secrets, { kdf: standardKdf, ...random });
  writeFileSync(path, encodeKeyFile({ address, sealed: slow }, uuid));
}
