import { join } from "node:path";
import { qrexecServices } from "@cleft/protocol/descriptor.ts";
import type { Check, VaultSetup } from "./check.ts";
import { checkEarlier, checkRpcConfig, checkServices } from "./check-services.ts";
import {
  checkDisplay,
  checkFolder,
  checkNetwork,
  checkSigner,
  checkSocket,
  checkStart,
} from "./check-signer.ts";
import { autostartFile, serviceFolder, startPath } from "./installed-file.ts";

/** THE LIST of checks of a vault, in the order of a call. */
export const vaultChecks: readonly Check[] = [
  checkServices,
  checkEarlier,
  checkRpcConfig,
  checkFolder,
  checkSigner,
  checkSocket,
  checkStart,
  checkDisplay,
  checkNetwork,
];

/** Where a vault's files lie, below a root that is `/` except for packagers and tests. */
export function vaultSetup(places: {
  readonly root: string;
  readonly home: string;
  readonly configDir: string;
  readonly cleft: string;
}): VaultSetup {
  const at = (path: string) => join(places.root, path);
  return {
    services: qrexecServices.map((name) => ({ name, path: at(join(serviceFolder, name)) })),
    rpc: {
      earlier: [at("/run/qubes-rpc")],
      all: ["/run/qubes-rpc", serviceFolder, "/etc/qubes-rpc"].map(at),
    },
    rpcConfig: [
      "/run/qubes/rpc-config",
      "/usr/local/etc/qubes/rpc-config",
      "/etc/qubes/rpc-config",
    ].map(at),
    start: at(startPath),
    autostart: at(join(places.home, autostartFile)),
    configDir: places.configDir,
    cleft: places.cleft,
  };
}
