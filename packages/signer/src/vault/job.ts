import type { Hex } from "@cleft/protocol/hex.ts";
import type { Address } from "../domain/address.ts";
import type { Surrendered } from "../domain/secret.ts";
import type { Signature } from "../domain/signature.ts";
import type { ScryptParams } from "./kdf.ts";
import type { Sealed } from "./keyfile.ts";

/** What the vault worker can be told to do. Plain data and moved buffers. */
export type Job =
  | {
      readonly kind: "sign";
      readonly account: Address;
      readonly sealed: Sealed;
      readonly preimage: Hex;
      readonly password: Surrendered;
    }
  | {
      /** Decrypts a key and keeps it under `grant`, until it is forgotten. */
      readonly kind: "unlock";
      readonly account: Address;
      readonly sealed: Sealed;
      readonly password: Surrendered;
      readonly grant: string;
    }
  | {
      readonly kind: "sign-unlocked";
      readonly account: Address;
      readonly preimage: Hex;
      readonly grant: string;
    }
  | { readonly kind: "forget"; readonly grant: string }
  | {
      /** Whose key a file holds, if the password opens it. Nothing is kept. */
      readonly kind: "check";
      readonly account: Address | undefined;
      readonly sealed: Sealed;
      readonly password: Surrendered;
    }
  | {
      /** Whose key it is. Nothing is kept. */
      readonly kind: "identify";
      readonly key: Surrendered;
    }
  | { readonly kind: "create"; readonly kdf: ScryptParams; readonly password: Surrendered }
  | {
      readonly kind: "import";
      readonly kdf: ScryptParams;
      readonly password: Surrendered;
      readonly key: Surrendered;
    }
  | {
      /** Decrypts a key file and encrypts its key again, under another password. */
      readonly kind: "reseal";
      /** Whose key it must be; undefined takes whichever it is. */
      readonly account: Address | undefined;
      readonly sealed: Sealed;
      readonly kdf: ScryptParams;
      readonly password: Surrendered;
      readonly newPassword: Surrendered;
    };

/** The secrets of a job, for the list of what is moved. */
export function secretsOf(job: Job): ArrayBuffer[] {
  switch (job.kind) {
    case "sign":
    case "unlock":
    case "check":
    case "create":
      return [job.password.buffer];
    case "identify":
      return [job.key.buffer];
    case "import":
      return [job.password.buffer, job.key.buffer];
    case "sign-unlocked":
    case "forget":
      return [];
    case "reseal":
      return [job.password.buffer, job.newPassword.buffer];
  }
}

/** A new key file, whole. */
export interface NewKey {
  readonly address: Address;
  readonly file: Uint8Array;
}

/** The result of each job. */
export interface JobResults {
  sign: Signature;
  unlock: null;
  "sign-unlocked": Signature;
  forget: null;
  check: Address;
  identify: Address;
  create: NewKey;
  import: NewKey;
  reseal: NewKey;
}
