// Loaded into the signer before its program (`--import`): says over a socket for how long its main
// thread was held at most since the last question, ms. The socket's path is the query of this module.
import { createServer } from "node:net";
import { isMainThread } from "node:worker_threads";

if (isMainThread) {
  let [last, worst] = [performance.now(), 0];
  const look = () => {
    const now = performance.now();
    worst = Math.max(worst, now - last);
    last = now;
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
