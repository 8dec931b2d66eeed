import assert from "node:assert/strict";
import { fromHex, type Hex } from "@cleft/protocol/hex.ts";
import { keccak_256 } from "@noble/hashes/sha3.js";
import type { Address } from "../domain/address.ts";
import { Failure } from "../domain/failure.ts";
import { Secret } from "../domain/secret.ts";
import type { Signature } from "../domain/signature.ts";
import type { Curve } from "./curve.ts";
import type { Job, JobResults, NewKey } from "./job.ts";
import type { ScryptParams } from "./kdf.ts";
import { encodeKeyFile, type Sealed } from "./keyfile.ts";
import { seal, unseal } from "./seal.ts";

/** Ambient power of the worker. */
export interface JobPowers {
  readonly curve: Curve;
  readonly randomBytes: (length: number) => Uint8Array;
  readonly randomUuid: () => string;
  /** Keys that wait decrypted, by their grant. */
  readonly unlocked: Map<string, Secret>;
}

/** Runs one job and wipes every secret it was given or made and doesn't keep, whatever happens. */
export function runJob(job: Job, powers: JobPowers): JobResults[Job["kind"]] {
  switch (job.kind) {
    case "sign":
      return withSecret(Secret.adopting(job.password), (password) =>
        withSecret(openKey(job, password, powers), (key) => sign(job, key, powers)),
      );
    case "unlock":
      return withSecret(Secret.adopting(job.password), (password) => {
        forget(job.grant, powers);
        powers.unlocked.set(job.grant, openKey(job, password, powers));
        return null;
      });
    case "sign-unlocked":
      return sign(job, unlockedKey(job.grant, powers), powers);
    case "forget":
      return forget(job.grant, powers);
    case "check":
      return withSecret(Secret.adopting(job.password), (password) =>
        withSecret(openKey(job, password, powers), (key) => identify(key, powers)),
      );
    case "identify":
      return withSecret(Secret.adopting(job.key), (key) => identify(key, powers));
    case "create":
      return withSecret(Secret.adopting(job.password), (password) =>
        create(job.kdf, password, powers),
      );
    case "import":
      return withSecret(Secret.adopting(job.password), (password) =>
        withSecret(Secret.adopting(job.key), (key) => store(key, password, job.kdf, powers)),
      );
    case "reseal":
      return withSecret(Secret.adopting(job.password), (password) =>
        withSecret(Secret.adopting(job.newPassword), (newPassword) =>
          reseal(job, { password, newPassword }, powers),
        ),
      );
  }
}

/**
 * The MAC doesn't cover the IV, so only the address tells whether this is still the same key. Without
 * an account any key will do.
 */
function openKey(
  { account, sealed }: { readonly account: Address | undefined; readonly sealed: Sealed },
  password: Secret,
  { curve }: JobPowers,
): Secret {
  const key = unseal(sealed, password);
  if (account === undefined || key.use(curve.accountOf) === account) return key;
  key.wipe();
  throw new Failure("keyfile.refused", `the key file of ${account} holds another key`, {
    hint: "restore the file from a backup: its iv or address was changed",
  });
}

function unlockedKey(grant: string, { unlocked }: JobPowers): Secret {
  const key = unlocked.get(grant);
  if (key !== undefined) return key;
  throw new Failure("unlock.ended", "the account is not unlocked any more", {
    hint: "the vault has started anew: unlock the account again",
  });
}

function forget(grant: string, { unlocked }: JobPowers): null {
  unlocked.get(grant)?.wipe();
  unlocked.delete(grant);
  return null;
}

function sign(
  { account, preimage }: { readonly account: Address; readonly preimage: Hex },
  key: Secret,
  { curve }: JobPowers,
): Signature {
  const digest = keccak_256(fromHex(preimage));
  const signature = key.use((bytes) => curve.sign(bytes, digest));
  assert(curve.recover(digest, signature) === account, "two libraries disagree");
  return signature;
}

function reseal(
  job: Extract<Job, { kind: "reseal" }>,
  { password, newPassword }: { readonly password: Secret; readonly newPassword: Secret },
  powers: JobPowers,
): NewKey {
  return withSecret(openKey(job, password, powers), (key) =>
    store(key, newPassword, job.kdf, powers),
  );
}

function create(kdf: ScryptParams, password: Secret, powers: JobPowers): NewKey {
  return withSecret(Secret.taking(powers.randomBytes(32)), (key) =>
    store(key, password, kdf, powers),
  );
}

/** Encrypts a key and decrypts it again: a file that can't be read is a lost key. */
function store(key: Secret, password: Secret, kdf: ScryptParams, powers: JobPowers): NewKey {
  const { curve, randomBytes, randomUuid } = powers;
  const address = identify(key, powers);
  const sealed = seal({ key, password }, { kdf, salt: randomBytes(32), iv: randomBytes(16) });
  const readBack = withSecret(unseal(sealed, password), (again) => again.use(curve.accountOf));
  assert(readBack === address, "a new key file holds another key");
  return { address, file: encodeKeyFile({ address, sealed }, randomUuid()) };
}

/** Whose key it is. @throws Failure `key.invalid` */
function identify(key: Secret, { curve }: JobPowers): Address {
  const address = key.use(curve.accountOf);
  if (address !== undefined) return address;
  throw new Failure("key.invalid", "invalid private key: expected a number below the curve order");
}

function withSecret<T>(secret: Secret, borrow: (secret: Secret) => T): T {
  try {
    return borrow(secret);
  } finally {
    secret.wipe();
  }
}
