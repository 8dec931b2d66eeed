import type { ChainId } from "../domain/quantity.ts";
import type { HttpSettings } from "../untrusted/transport/http.ts";

/** What the daemon runs with: flags, parsed. */
export interface Config {
  readonly keystore: string;
  readonly configDir: string;
  readonly chainId: ChainId;
  readonly kdf: "standard" | "light";
  /** `reject`: warnings of Clef's catalogue reject. `show` (`--advanced`): the window decides. */
  readonly findings: "reject" | "show";
  readonly http: HttpSettings | "off";
  readonly window: "full-screen" | "line" | "stdio" | "none";
  /** How long a question is shown to a person before a yes counts, ms. */
  readonly armMs: number;
}
