import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { startWorld, type World } from "./qrexec/world.ts";
import { openPolicy } from "./qubes.ts";
import { root } from "./shared.ts";
import { type Home, makeHome } from "./signer.ts";
import { Terminal } from "./terminal.ts";

/** A vault at whose signer a person sits. */
export interface QubesWithPerson {
  readonly world: World;
  readonly home: Home;
  readonly terminal: Terminal;
  stop(): Promise<void>;
}

/** Starts it in a pseudo terminal, in line mode or on the full screen. */
export async function startWithPerson(mode: "line" | "screen"): Promise<QubesWithPerson> {
  const home = makeHome({ sample: true });
  const world = await startWorld({
    qubes: [{ name: "work" }, { name: "personal" }, { name: "vault" }],
    policy: openPolicy,
  });
  const service = join(world.rpcFolder("vault"), "qubes.Clefsign");
  symlinkSync(join(home.configDir, "qrexec.sock"), service);
  const words = [
    ...[`${root}cleft`, "--keystore", home.keystore, "--configdir", home.configDir, "--lightkdf"],
    ...["--qrexec", "--ipcdisable", "--suppress-bootwarn", ...(mode === "line" ? ["--line"] : [])],
  ];
  const command = words.map((word) => `'${word}'`).join(" ");
  const terminal = new Terminal(command, { columns: 100, rows: 40 });
  if (mode === "line") await terminal.appears("Waiting for requests");
  else await terminal.shows("waiting for requests");
  return {
    world,
    home,
    terminal,
    async stop() {
      terminal.hangUp();
      await terminal.ended;
      await world.stop();
      home.remove();
    },
  };
}
