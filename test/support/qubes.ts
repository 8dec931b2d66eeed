import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "./command.ts";
import { type Dispatcher, startDispatcher } from "./dispatcher.ts";
import { type Called, callOnce } from "./qrexec/calling.ts";
import type { WorldOptions } from "./qrexec/terms.ts";
import { startWorld, type World } from "./qrexec/world.ts";
import { type Home, makeHome, type Signer, type SignerOptions, startSigner } from "./signer.ts";

/** The services' names: ours, and the one that the original dispatcher called. */
const services = ["qubes.Clefsign", "qubes.EthSign"] as const;

/** dom0's rules unless a test has others: work and personal reach the vault, and no one else. */
export const openPolicy = [
  ...services.flatMap((service) => [
    `${service} * work @default allow target=vault`,
    `${service} * work vault allow`,
    `${service} * personal @default allow target=vault`,
    `${service} * @anyvm @anyvm deny notify=no`,
  ]),
].join("\n");

export interface QubesOptions {
  /** What cleft.toml says in the vault. */
  readonly toml?: string;
  readonly signer?: Partial<SignerOptions>;
  /** More than the policy and the qubes work, personal and vault. */
  readonly world?: Partial<WorldOptions>;
}

/** A vault with a signer that qubes reach through the stand-in for qrexec. */
export interface Qubes {
  readonly world: World;
  readonly home: Home;
  readonly signer: Signer;
  /** Ends the signer and starts it again, in the same home. */
  restart(signal: NodeJS.Signals): Promise<Signer>;
  /** A dispatcher of a qube, reaching the signer through that qube's qrexec. */
  dispatcher(qube: string, ...args: readonly string[]): Promise<Dispatcher>;
  /** `… | qrexec-client-vm @default qubes.Clefsign` in a qube. */
  oneShot(qube: string, text: string, service?: string): Promise<Called>;
  /** Writes the exec service as `cleft qubes install` does, and returns its path. */
  wrapper(): string;
  stop(): Promise<void>;
}

/** Starts them; the service is a symlink to the signer's socket. */
export async function startQubes(options: QubesOptions = {}): Promise<Qubes> {
  const home = makeHome({ sample: true });
  mkdirSync(home.configDir, { mode: 0o700 });
  writeFileSync(join(home.configDir, "cleft.toml"), options.toml ?? "", { mode: 0o600 });
  const world = await startWorld({
    qubes: [{ name: "work" }, { name: "personal" }, { name: "vault" }],
    policy: openPolicy,
    ...options.world,
  });
  for (const service of services) {
    symlinkSync(join(home.configDir, "qrexec.sock"), join(world.rpcFolder("vault"), service));
  }
  const start = () =>
    startSigner({
      ...options.signer,
      home,
      args: ["--qrexec", ...(options.signer?.args ?? [])],
    });
  let signer = await start();
  const dispatchers: Dispatcher[] = [];
  return {
    world,
    home,
    get signer() {
      return signer;
    },
    async restart(signal) {
      await signer.stop(signal);
      signer = await start();
      return signer;
    },
    async dispatcher(qube, ...args) {
      const client = ["--qrexec-client", world.clientPath(qube)];
      const dispatcher = await startDispatcher([...client, ...args]);
      dispatchers.push(dispatcher);
      return dispatcher;
    },
    oneShot: (qube, text, service = "qubes.Clefsign") =>
      callOnce(world, qube, ["@default", service], text),
    wrapper() {
      const root = join(home.folder, "root");
      const words = ["--configdir", home.configDir, "qubes", "install", "--role", "vault"];
      const { exit, err } = runCommand([...words, "--root", root]);
      if (exit !== 0) throw new Error(err);
      return join(root, "usr/local/etc/qubes-rpc/qubes.Clefsign");
    },
    async stop() {
      for (const dispatcher of dispatchers) await dispatcher.stop("SIGKILL");
      await signer.stop("SIGKILL");
      await world.stop();
      home.remove();
    },
  };
}
