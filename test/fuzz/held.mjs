// Loaded into the signer before its program (`--import`): says over a socket for how long its main
// thread was held at most since the last question, ms. The socket's path is the query of this module.
import { openSync, readSync } from "node:fs";
import { createServer } from "node:net";
import { isMainThread } from "node:worker_threads";

/**
 * How long this thread was ready to run and another had the processor, ms: the tests beside this one
 * do that, not the request. Linux counts it (the second number of `schedstat`); others say nothing.
 */
function openWaited() {
  try {
    const file = openSync(`/proc/self/task/${process.pid}/schedstat`);
    const bytes = Buffer.alloc(64);
    return () => {
      const [, waitedNs] = bytes.toString("latin1", 0, readSync(file, bytes, 0, 64, 0)).split(" ");
      return Number(waitedNs) / 1e6;
    };
  } catch {
    return () => 0;
  }
}

if (isMainThread) {
  const waited = openWaited();
  let [last, lastWaited, worst] = [performance.now(), waited(), 0];
  const look = () => {
    const [now, nowWaited] = [performance.now(), waited()];
    worst = Math.max(worst, now - last - (nowWaited - lastWaited));
    [last, lastWaited] = [now, nowWaited];
  };
  setInterval(look, 1).unref();
  const server = createServer((socket) => {
    socket.unref().on("error", () => undefined);
    socket.on("data", () => {
      look();
      socket.write(`${worst}\n`);
      worst = 0;
    });
  });
  server.listen(new URL(import.meta.url).searchParams.get("socket")).unref();
}
