import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { FakeClock, gate, until } from "../../domain/fakes.ts";
import { limits } from "../../domain/limits.ts";
import { temporaryFolder } from "../../store/fakes.ts";
import { ipcTransport } from "./ipc.ts";
import type { Serve, Transport } from "./transport.ts";

/** A transport on a clock that stands still, and a client of it. */
async function setUp(serve: Serve) {
  const folder = await temporaryFolder();
  const clock = new FakeClock();
  const transport: Transport = ipcTransport({ path: join(folder, "s") }, { clock });
  const socket = connect(await transport.open(serve));
  onTestFinished(() => transport.close());
  onTestFinished(() => void socket.destroy());
  let received = "";
  socket.setEncoding("utf8").on("data", (text: string) => {
    received += text;
  });
  socket.on("error", () => undefined);
  await once(socket, "connect");
  return { clock, socket, transport, received: () => received };
}

/** Notices the end of a connection, however it ends. */
function endOf(socket: Socket): () => boolean {
  let ended = false;
  for (const event of ["end", "close"]) {
    socket.once(event, () => {
      ended = true;
    });
  }
  return () => ended;
}

test("a message that isn't completed in time ends its connection", async () => {
  const { clock, socket } = await setUp(async () => "ok\n");
  const ended = endOf(socket);
  socket.write('{"a":');
  await until(() => clock.waiting > 0);
  clock.advance(limits.requestReadMs - 1);
  socket.write("1");
  clock.advance(1);
  await until(ended);
});

test("a message that is completed in time is served, and the connection may be idle for ever", async () => {
  const { clock, socket, received } = await setUp(async () => "ok\n");
  const ended = endOf(socket);
  socket.write('{"a":');
  await until(() => clock.waiting > 0);
  socket.write("1}");
  await until(() => received() === "ok\n");
  expect(clock.waiting).toBe(0);
  clock.advance(24 * 3600 * 1000);
  socket.write("{}");
  await until(() => received() === "ok\nok\n");
  expect(ended()).toBe(false);
});

test("no more requests of one connection are taken than may be open at once", async () => {
  const open: (() => void)[] = [];
  const { socket, received } = await setUp(() => {
    const held = gate<string>();
    open.push(() => held.open("ok\n"));
    return held.promise;
  });
  socket.write("{}".repeat(limits.requestsPerConnectionMax + 5));
  await until(() => open.length === limits.requestsPerConnectionMax);
  open[3]?.();
  await until(() => open.length === limits.requestsPerConnectionMax + 1);
  expect(received()).toBe("ok\n");
});

test("close() waits for open answers, and cuts who takes too long for them", async () => {
  const held = gate<string>();
  const calls: AbortSignal[] = [];
  const { clock, socket, transport, received } = await setUp(({ signal }) => {
    calls.push(signal);
    return calls.length === 1 ? held.promise : new Promise(() => undefined);
  });
  socket.write("{}{}");
  await until(() => calls.length === 2);
  const { waiting } = clock;
  const closed = transport.close();
  // Its socket's file is removed first.
  await until(() => clock.waiting > waiting);
  held.open("ok\n");
  await until(() => received() === "ok\n");
  expect(calls[1]?.aborted).toBe(false);
  clock.advance(limits.drainMs);
  await closed;
  await until(() => calls[1]?.aborted === true);
});

test("a bug of the signer ends the connection", async () => {
  const { socket } = await setUp(() => Promise.reject(new TypeError("bug")));
  const ended = endOf(socket);
  socket.write("{}");
  await until(ended);
});
