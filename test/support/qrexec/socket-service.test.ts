import { symlinkSync, writeFileSync } from "node:fs";
import type { Server, Socket } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { addSocket, callOnce, startCall, waitFor } from "./calling.ts";
import { startWorld, type World } from "./world.ts";

let world: World;
const servers: Server[] = [];

beforeAll(async () => {
  const qubes = [{ name: "work" }, { name: "vault" }];
  world = await startWorld({ qubes, policy: "* * work vault allow" });
});
afterEach(() => world.setStream({}));
afterAll(async () => {
  for (const server of servers) server.close();
  await world.stop();
});

/** Listens, and keeps what came from each connection in order. */
async function listen(name: string, serve: (socket: Socket) => void) {
  const seen: Buffer[] = [];
  const server = await addSocket(world, "vault", name, (socket) => {
    socket.on("data", (chunk: Buffer) => seen.push(chunk));
    serve(socket);
  });
  servers.push(server);
  return { seen, text: () => Buffer.concat(seen).toString() };
}

/** Answers with all that came, at its end. */
function echo(socket: Socket): void {
  const seen: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => seen.push(chunk));
  socket.on("end", () => socket.end(Buffer.concat(seen)));
}

test("a socket service learns the full name and the source before the caller's bytes", async () => {
  await listen("t.Echo", echo);
  const { out, err, exit } = await callOnce(world, "work", ["vault", "t.Echo"], "body");
  expect({ out, err, exit }).toEqual({ out: "t.Echo+ work\0body", err: "", exit: 0 });
  const named = await callOnce(world, "work", ["vault", "t.Echo+defi"], "");
  expect(named.out).toBe("t.Echo+defi work\0");
});

test("the header comes at once when split, and with the first bytes when joined", async () => {
  const { seen, text } = await listen("t.Split", () => undefined);
  const split = startCall(world, "work", ["vault", "t.Split"]);
  await waitFor(() => text() === "t.Split+ work\0", text);
  split.child.kill();
  await split.exit;
  seen.length = 0;
  world.setStream({ header: "joined" });
  const joined = startCall(world, "work", ["vault", "t.Split"]);
  joined.child.stdin.write("body");
  await waitFor(() => seen.length > 0, text);
  expect(seen[0]?.toString()).toBe("t.Split+ work\0body");
  joined.child.kill();
  await joined.exit;
});

test("a joined header also comes when the caller says nothing", async () => {
  await listen("t.Nothing", echo);
  world.setStream({ header: "joined" });
  expect((await callOnce(world, "work", ["vault", "t.Nothing"])).out).toBe("t.Nothing+ work\0");
});

test("bytes come in small pieces, also inside the header and a character, both ways", async () => {
  const { seen } = await listen("t.Pieces", echo);
  world.setStream({ chunk: { bytesMax: 1, pauseMs: 2 } });
  const call = startCall(world, "work", ["vault", "t.Pieces"]);
  const pieces: string[] = [];
  call.child.stdout.on("data", (text: string) => pieces.push(text));
  call.child.stdin.end("€");
  expect(await call.exit).toBe(0);
  expect(Buffer.from(call.out(), "latin1").toString()).toBe("t.Pieces+ work\0€");
  expect(seen.length).toBeGreaterThan(8);
  expect(pieces.length).toBeGreaterThan(8);
});

test("skip-service-descriptor leaves the header out, so that the caller can forge one", async () => {
  await listen("t.Skip", echo);
  writeFileSync(join(world.rpcConfigFolder("vault"), "t.Skip"), "skip-service-descriptor=true\n");
  const { out } = await callOnce(world, "work", ["vault", "t.Skip"], "t.Skip+ dom0\0");
  expect(out).toBe("t.Skip+ dom0\0");
});

test("a service that half-closes ends the output, and the client stays until its own input ends", async () => {
  const { text } = await listen("t.HalfClose", (socket) => void socket.end("bye"));
  const call = startCall(world, "work", ["vault", "t.HalfClose"]);
  await waitFor(call.hasEnded, () => "the end of the output");
  call.child.stdin.write("more");
  await waitFor(() => text().endsWith("more"), text);
  expect(call.child.exitCode).toBe(null);
  call.child.stdin.end();
  expect(await call.exit).toBe(0);
  expect(call.out()).toBe("bye");
});

test("a service that destroys its socket ends the client at once with 0, after what it wrote", async () => {
  await listen("t.Destroy", (socket) => void socket.write("bye", () => socket.destroy()));
  const call = startCall(world, "work", ["vault", "t.Destroy"]);
  expect(await call.exit).toBe(0);
  expect(call.out()).toBe("bye");
});

test("exit-on-service-eof ends the client when the service half-closes", async () => {
  await listen("t.ServiceEof", (socket) => void socket.end("bye"));
  writeFileSync(join(world.rpcConfigFolder("vault"), "t.ServiceEof"), "exit-on-service-eof=1\n");
  const call = startCall(world, "work", ["vault", "t.ServiceEof"]);
  expect(await call.exit).toBe(0);
  expect(call.out()).toBe("bye");
});

test("exit-on-client-eof loses a late answer", async () => {
  await listen("t.ClientEof", (socket) => {
    socket.on("end", () => setTimeout(() => socket.end("late"), 50));
  });
  writeFileSync(join(world.rpcConfigFolder("vault"), "t.ClientEof"), "exit-on-client-eof=true\n");
  expect(await callOnce(world, "work", ["vault", "t.ClientEof"], "x")).toEqual({
    ...{ exit: 0, out: "", err: "" },
  });
});

test("a client that is killed is the end of the input for a socket service, then a broken socket", async () => {
  let [ended, broken] = [false, false];
  await listen("t.Gone", (socket) => {
    socket.write("up");
    socket.on("end", () => {
      ended = true;
      setInterval(() => socket.write("late"), 10).unref();
    });
    socket.on("error", () => {
      broken = true;
    });
  });
  const call = startCall(world, "work", ["vault", "t.Gone"]);
  await call.until("up");
  call.child.kill("SIGKILL");
  await waitFor(
    () => ended && broken,
    () => "a broken socket",
  );
});

test("a symlink leads to a socket elsewhere; nobody there is 125, no socket there 127", async () => {
  const elsewhere = join(world.folder, "elsewhere.sock");
  symlinkSync(elsewhere, join(world.rpcFolder("vault"), "t.Link"));
  expect((await callOnce(world, "work", ["vault", "t.Link"])).exit).toBe(127);
  const { createServer } = await import("node:net");
  const server = createServer((socket) => void socket.end("here"));
  await new Promise<void>((resolve) => server.listen(elsewhere, resolve));
  expect((await callOnce(world, "work", ["vault", "t.Link"])).out).toBe("here");
  server.close();
  await leaveStale(elsewhere);
  expect(await callOnce(world, "work", ["vault", "t.Link"])).toEqual({
    exit: 125,
    out: "",
    err: "",
  });
});

/** A socket's file whose listener was killed. */
async function leaveStale(path: string): Promise<void> {
  const { spawnSync } = await import("node:child_process");
  const listenAndDie = `require("net").createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 9))`;
  spawnSync(process.execPath, ["-e", listenAndDie]);
}

test("an unread stream blocks its writer, and the other direction goes on", async () => {
  let written = 0;
  const { text } = await listen("t.Flood", (socket) => {
    const flood = () => {
      while (written < 16_777_216 && socket.write(Buffer.alloc(16_384), () => (written += 16_384)));
    };
    socket.on("drain", flood);
    socket.once("data", flood);
  });
  const call = startCall(world, "work", ["vault", "t.Flood"]);
  call.child.stdout.pause();
  await untilStill(() => written);
  expect(written).toBeLessThan(2_000_000);
  call.child.stdin.write("still heard");
  await waitFor(() => text().endsWith("still heard"), text);
  call.child.stdout.resume();
  await waitFor(
    () => written >= 16_777_216,
    () => `${written}`,
  );
  call.child.kill();
  await call.exit;
});

/** Waits until a number has grown and grows no more. */
async function untilStill(count: () => number): Promise<void> {
  let [before, same] = [0, 0];
  const isStill = () => {
    same = count() === before ? same + 1 : 0;
    before = count();
    return before > 0 && same > 10;
  };
  await waitFor(isStill, () => "a blocked writer");
}
