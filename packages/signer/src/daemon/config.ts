import type { ChainId } from "../domain/quantity.ts";
import type { HttpSettings } from "../untrusted/transport/http.ts";
import type { IpcSettings } from "../untrusted/transport/ipc.ts";

/** What the daemon runs with: flags, parsed. */
export interface Config {
  readonly keystore: string;
  readonly configDir: string;
  readonly chainId: ChainId;
  readonly kdf: "standard" | "light";
  /** `reject`: warnings of Clef's catalogue reject. `show` (`--advanced`): the window decides. */
  readonly findings: "reject" | "show";
  readonly http: HttpSettings | "off";
  readonly ipc: IpcSettings | "off";
  /** Time for a question to be answered, ms. */
  readonly approvalMs: number;
  readonly window: "terminal" | "stdio" | "none";
}
