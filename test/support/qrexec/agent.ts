import { createServer, type Server } from "node:net";
import { AgentCall } from "./agent-call.ts";
import { Connections } from "./connections.ts";
import { Dom0 } from "./dom0.ts";
import { Launcher } from "./exec-service.ts";
import { placesOf } from "./places.ts";
import type { Order } from "./world.ts";

/**
 * All agents of a world and its dom0, in one process beside the test: a socket for each qube, and who
 * comes by it is that qube. It ends with the test.
 */
async function main([folder = ""]: readonly string[]): Promise<void> {
  const dom0 = new Dom0(folder);
  const places = placesOf(folder);
  const power = { dom0, places, launcher: new Launcher(places.fifos), held: new Connections() };
  const calls = new Set<AgentCall>();
  const servers = new Map<string, Server>();

  const open = (qube: string) =>
    new Promise<void>((resolve) => {
      const server = createServer({ allowHalfOpen: true }, (socket) => {
        const call: AgentCall = new AgentCall(socket, qube, power, () => calls.delete(call));
        calls.add(call);
      });
      servers.set(qube, server);
      server.listen(places.qube(qube).agent, resolve);
    });
  const obey = async (order: Order) => {
    if ("restart" in order) {
      servers.get(order.restart)?.close();
      await open(order.restart);
      return;
    }
    dom0.setRunning(order.kill, false);
    for (const call of calls) if (call.touches(order.kill)) call.kill();
  };

  // A service asks by it for one socket as stdin and stdout, which none of ours needs.
  process.on("SIGUSR1", () => undefined);
  process.on("message", async (order: Order) => {
    await obey(order);
    process.send?.("done");
  });
  process.on("disconnect", () => {
    power.launcher.killAll();
    process.exit();
  });
  for (const name of dom0.names()) await open(name);
  process.send?.("ready");
}

await main(process.argv.slice(2));
