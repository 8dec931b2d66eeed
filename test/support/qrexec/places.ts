import { chmodSync, mkdirSync, mkdtempSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PolicyFiles, Qube } from "./terms.ts";

/** Where a world keeps what, below its folder. */
export function placesOf(folder: string) {
  const qube = (name: string) => {
    const own = join(folder, "qubes", name);
    return {
      bin: join(own, "bin"),
      rpc: join(own, "rpc"),
      rpcConfig: join(own, "rpc-config"),
      home: join(own, "home"),
      /** The agent's socket: who comes by it is this qube. */
      agent: join(own, "agent"),
    };
  };
  const path = (name: string) => join(folder, name);
  return {
    policy: path("policy.d"),
    settings: path("settings.json"),
    qubes: path("qubes.json"),
    calls: path("calls.jsonl"),
    fifos: path("fifos"),
    qube,
  };
}

/** Makes a world's folders, its description and each qube's client. */
export function layOut(folder: string, qubes: readonly Qube[], client: string): void {
  const places = placesOf(folder);
  mkdirSync(places.fifos, { recursive: true });
  writeFileSync(places.qubes, JSON.stringify(qubes));
  writeFileSync(places.calls, "");
  for (const { name } of qubes) {
    const { bin, rpc, rpcConfig, home, agent } = places.qube(name);
    for (const path of [bin, rpc, rpcConfig, home]) mkdirSync(path, { recursive: true });
    const launcher = join(bin, "qrexec-client-vm");
    writeFileSync(launcher, launcherOf(client, agent));
    chmodSync(launcher, 0o755);
  }
}

/** Puts files in the place of all that were there, for whoever looks next. */
export function writePolicy(path: string, policy: PolicyFiles): void {
  const files = typeof policy === "string" ? { "30-test.policy": policy } : policy;
  const folder = mkdtempSync(`${path}.`);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  symlinkSync(folder, `${folder}.new`);
  renameSync(`${folder}.new`, path);
}

/** Writes a file that is read at any time. */
export function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

/** A shell sees a closed descriptor; Node would have opened it again before our first line. */
function launcherOf(client: string, agent: string): string {
  return `#!/bin/sh
for fd in 0 1 2; do
  if [ ! -e /proc/self/fd/$fd ]; then
    echo "qrexec-client-vm: File descriptor $fd is closed, cannot continue" >&2
    exit 125
  fi
done
exec '${process.execPath}' '${client}' '${agent}' "$@"
`;
}
