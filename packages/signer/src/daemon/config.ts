import type { Address } from "../domain/address.ts";
import type { CallerRules } from "../domain/caller-rule.ts";
import type { FindingsModes } from "../domain/finding.ts";
import type { Permit } from "../domain/permit.ts";
import type { ChainId } from "../domain/quantity.ts";
import type { HttpSettings } from "../untrusted/transport/http.ts";
import type { IpcSettings } from "../untrusted/transport/ipc.ts";

/** What the daemon runs with: flags and cleft.toml, parsed. */
export interface Config {
  readonly keystore: string;
  readonly configDir: string;
  /** The chain of a request that names none; one of `chains`. */
  readonly chainId: ChainId;
  /** The chains that may be signed for. */
  readonly chains: readonly ChainId[];
  readonly kdf: "standard" | "light";
  readonly findings: FindingsModes;
  /** Contracts whose code an account may be given (EIP-7702). */
  readonly delegates: readonly Address[];
  /** Hard denials that the operator has lifted. */
  readonly permits: readonly Permit[];
  /** Blobs of a request whose proofs may be computed. */
  readonly blobComputeMax: number;
  readonly http: HttpSettings | "off";
  readonly ipc: IpcSettings | "off";
  /** The path of the socket for calls of other qubes. */
  readonly qrexec: string | "off";
  /** What other qubes may do. */
  readonly qubes: CallerRules;
  /** The file of the readable audit log. */
  readonly auditLog: string | "off";
  /** Time for a person to answer a question, ms. */
  readonly approvalMs: number;
  /** Time for which a yes to a listing is remembered, ms; 0 is never, as in Clef. */
  readonly listingTtlMs: number;
  readonly window: "full-screen" | "line" | "stdio" | "none";
  /** How long a question is shown to a person before a yes counts, ms. */
  readonly armMs: number;
}
