import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { end } from "../support/anvil.ts";
import { startDispatcher } from "../support/dispatcher.ts";
import { startWorld } from "../support/qrexec/world.ts";
import { say } from "./say.ts";
import { type DemoHome, startSigner } from "./signer.ts";
import { tell, type Way } from "./story.ts";

/**
 * `npm run demo:qubes`: the dapp and its dispatcher in the qube "work", the signer in "vault", which
 * has no network; between them a stand-in for qrexec, with the policy that is shipped for dom0.
 */
async function open(home: DemoHome): Promise<Way> {
  const policy = readFileSync(join(home.root, "deploy/qubes/30-cleft.policy"), "utf8");
  const qubes = [{ name: "work" }, { name: "vault" }];
  const world = await startWorld({ qubes, policy: { "30-cleft.policy": policy } });
  const socket = join(home.folder, "config/qrexec.sock");
  symlinkSync(socket, join(world.rpcFolder("vault"), "qubes.Clefsign"));
  const within = spawnSync("unshare", ["-rn", "true"]).status === 0 ? ["unshare", "-rn"] : [];
  say(
    `   Qube vault: the signer, ${within.length > 0 ? "without any network" : "(a network namespace was refused)"}`,
  );
  const signer = await startSigner(home, {
    ...{ flags: ["--qrexec", "--ipcdisable"], within },
    untilServing: () => untilThere(socket),
  });
  const dispatcher = await startDispatcher(["--qrexec-client", world.clientPath("work")]);
  say(`   Qube work: a dispatcher at      ${dispatcher.url}`);
  return {
    url: dispatcher.url,
    async close() {
      await dispatcher.stop();
      await end(signer);
      for (const { source, service, decision, rule } of world.calls()) {
        say(`   dom0's log: ${source} called ${service}: ${decision}, ${rule}`);
      }
      await world.stop();
    },
  };
}

async function untilThere(path: string): Promise<void> {
  for (let tries = 0; !existsSync(path); tries++) {
    if (tries > 300) throw new Error("the signer didn't start");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

await tell(process.argv[2] ?? ".", open);
