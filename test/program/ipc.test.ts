import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { limits } from "../../packages/signer/src/domain/limits.ts";
import { IpcClient } from "../support/ipc-client.ts";
import { request } from "../support/rpc.ts";
import { makeHome, payment, type Signer, startSigner } from "../support/signer.ts";
import { readLedger, start, until } from "./running.ts";

const clients: IpcClient[] = [];
const servers: Server[] = [];

afterEach(() => {
  for (const { socket } of clients.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

const pathOf = ({ home }: Signer) => join(home.configDir, "clef.ipc");

async function open(path: string, options: { listen?: boolean } = {}): Promise<IpcClient> {
  const client = await IpcClient.open(path, options);
  clients.push(client);
  return client;
}

const call = (method: string, id: unknown = 1, params: readonly unknown[] = []) =>
  request(method, params, id);
const version = call("account_version");
const sign = (id: number) =>
  call("account_signTransaction", id, [payment({ nonce: `0x${id.toString(16)}` })]);

/** A program that listens at a path. */
async function listen(path: string): Promise<Server> {
  const server = createServer();
  servers.push(server.listen(path));
  await once(server, "listening");
  return server;
}

/** What is left of a program that was killed: a socket that nobody listens at. */
async function leaveStale(path: string): Promise<void> {
  const server = await listen(`${path}.first`);
  renameSync(`${path}.first`, path);
  server.close();
}

test("the socket is where Clef's was, private, and gone after a clean end", async () => {
  const signer = await start();
  const path = pathOf(signer);
  expect(statSync(path).isSocket()).toBe(true);
  expect((statSync(path).mode & 0o777).toString(8)).toBe("600");
  const [started] = signer.window.messages;
  expect(started?.params[0]["info"]).toMatchObject({ extapi_ipc: path });
  const client = await open(path);
  client.send(version);
  expect(await client.replies(1)).toEqual([{ jsonrpc: "2.0", id: 1, result: "6.1.0" }]);
  expect(await signer.stop()).toBe(0);
  expect(existsSync(path)).toBe(false);
});

test("--ipcpath names a folder, which is made for this user alone", async () => {
  const home = makeHome({ sample: true });
  const folder = join(home.folder, "deep", "er");
  const signer = await start({ home, args: ["--ipcpath", folder] });
  const modes = [join(home.folder, "deep"), folder].map((path) => statSync(path).mode & 0o777);
  expect(modes).toEqual([0o700, 0o700]);
  const client = await open(join(folder, "clef.ipc"));
  client.send(version);
  await client.replies(1);
  expect(existsSync(pathOf(signer))).toBe(false);
});

test("--ipcdisable opens none", async () => {
  const signer = await start({ args: ["--ipcdisable"] });
  expect(existsSync(pathOf(signer))).toBe(false);
  const [started] = signer.window.messages;
  expect(started?.params[0]["info"]).toMatchObject({ extapi_ipc: "n/a" });
});

test("a socket that was left behind is replaced", async () => {
  const home = makeHome({ sample: true });
  mkdirSync(home.configDir);
  await leaveStale(join(home.configDir, "clef.ipc"));
  const client = await open(pathOf(await start({ home })));
  client.send(version);
  await client.replies(1);
});

test("a signer that was killed leaves a socket that the next one replaces", async () => {
  const first = await start();
  await first.stop("SIGKILL");
  expect(existsSync(pathOf(first))).toBe(true);
  const client = await open(pathOf(await start({ home: first.home })));
  client.send(version);
  await client.replies(1);
});

test("a socket that somebody listens at is refused and stays", async () => {
  const first = await start();
  const second = makeHome({ sample: true });
  const folder = first.home.configDir;
  const started = startSigner({ home: second, args: ["--ipcpath", folder] });
  await expect(started).rejects.toThrow(
    /Fatal: Could not start IPC api: listen unix .*clef\.ipc: bind: address already in use\nhint: stop/,
  );
  const client = await open(pathOf(first));
  client.send(version);
  await client.replies(1);
  second.remove();
});

test.each([
  ["a file", (path: string) => writeFileSync(path, "precious")],
  ["a folder", (path: string) => mkdirSync(path)],
])("%s where the socket should be is refused and stays", async (_, make) => {
  const home = makeHome({ sample: true });
  mkdirSync(home.configDir);
  const path = join(home.configDir, "clef.ipc");
  make(path);
  const before = lstatSync(path).ino;
  await expect(startSigner({ home })).rejects.toThrow(
    /Fatal: Could not start IPC api: .*: there is something that is no socket\nhint: move it away/,
  );
  expect(lstatSync(path).ino).toBe(before);
  if (lstatSync(path).isFile()) expect(readFileSync(path, "utf8")).toBe("precious");
  home.remove();
});

test("a path that is too long for the system is refused with what to do", async () => {
  const home = makeHome({ sample: true });
  const started = startSigner({ home, args: ["--ipcpath", join(home.folder, "x".repeat(90))] });
  await expect(started).rejects.toThrow(
    /Fatal: Could not start IPC api: .*: bind: invalid argument\nhint: .* choose a shorter --ipcpath/,
  );
  home.remove();
});

test("a socket that another program has put there is not removed at the end", async () => {
  const signer = await start();
  const path = pathOf(signer);
  renameSync(path, `${path}.away`);
  await listen(path);
  expect(await signer.stop()).toBe(0);
  expect(lstatSync(path).isSocket()).toBe(true);
});

test("one connection gets its answers as they come, not in the order of asking", async () => {
  const signer = await start({ answerer: () => undefined });
  const client = await open(pathOf(signer));
  const asked = signer.window.next("ui_approveListing");
  client.send(call("account_list", "slow"));
  const { id, params } = await asked;
  expect(params[0]["meta"]).toEqual({
    ...{ remote: "NA", local: "NA", scheme: "ipc" },
    ...{ "User-Agent": "", Origin: "" },
  });
  client.send(call("account_version", "fast"));
  await client.replies(1);
  signer.window.answer(id, { accounts: [] });
  expect((await client.replies(2)).map((reply) => reply.id)).toEqual(["fast", "slow"]);
});

test("values may be joined, split and spread over lines", async () => {
  const client = await open(pathOf(await start()));
  const spread = JSON.stringify(JSON.parse(call("account_version", "spread")), null, 2);
  const text = `${version}${version} ${version}\n\n${spread}[${version},${version}]`;
  for (let at = 0; at < text.length; at += 7) {
    client.send(text.slice(at, at + 7));
    await new Promise((resolve) => setImmediate(resolve));
  }
  const replies = await client.replies(5);
  expect(replies.filter((reply) => Array.isArray(reply))).toHaveLength(1);
  expect(replies.filter(({ id }) => id === "spread")).toHaveLength(1);
});

test("a client that only closes its sending half still gets all its answers", async () => {
  const signer = await start();
  const client = await open(pathOf(signer));
  client.socket.end(`${sign(1)}${sign(2)}`);
  const replies = await client.replies(2);
  expect(replies.map(({ result }) => result)).toEqual([
    expect.objectContaining({ raw: expect.stringMatching(/^0x02/) }),
    expect.objectContaining({ raw: expect.stringMatching(/^0x02/) }),
  ]);
  await until(() => client.isClosed);
});

test.each([
  ["hangs up", (client: IpcClient) => client.socket.destroy()],
  [
    "closes its sending half and then hangs up",
    (client: IpcClient) => {
      client.socket.end();
      setTimeout(() => client.socket.destroy(), 100);
    },
  ],
])("a client that %s withdraws its questions", async (_, leave) => {
  const signer = await start({ answerer: () => undefined });
  const client = await open(pathOf(signer));
  const asked = signer.window.next("ui_approveTx");
  client.send(sign(1));
  const { id } = await asked;
  leave(client);
  await until(() => signer.log().includes("request.withdrawn"));
  signer.window.answer(id, { approved: true, transaction: payment() });
  expect(await signer.call("account_version")).toMatchObject({ result: "6.1.0" });
  expect(readLedger(signer)).toBe("");
});

test("a client that isn't read from any more withdraws its questions when it hangs up", async () => {
  const signer = await start({ answerer: () => undefined });
  const client = await open(pathOf(signer), { listen: false });
  const asked = signer.window.next("ui_approveTx");
  client.send(sign(1));
  await asked;
  // It doesn't read the answers, so a part of this stays with it.
  client.send(version.repeat(100_000));
  await until(() => client.socket.writableLength > 0 && client.socket.bytesWritten > 1_000_000);
  client.socket.destroy();
  await until(() => signer.log().includes("request.withdrawn"));
});

test("what is no JSON is answered, and the connection ends once the rest is", async () => {
  const signer = await start({ answerer: () => undefined });
  const client = await open(pathOf(signer));
  const asked = signer.window.next("ui_approveListing");
  client.send(`${call("account_list", "before")}{"a" 1}${call("account_list", "behind")}`);
  const { id } = await asked;
  const [error] = await client.replies(1);
  expect(error).toMatchObject({ id: null, error: { code: -32700 } });
  signer.window.answer(id, { accounts: [] });
  expect((await client.replies(2))[1]).toMatchObject({ id: "before", result: [] });
  await until(() => client.isClosed);
  expect(client.received).not.toContain("behind");
});

test("a message that is too large is refused, and nothing in it is taken for a request", async () => {
  const signer = await start();
  const client = await open(pathOf(signer));
  client.send(`{"x":"${"x".repeat(5 * 2 ** 20)}\n${version}\n`);
  expect(await client.replies(1)).toMatchObject([{ id: null, error: { code: -32700 } }]);
  await until(() => client.isClosed);
  expect(client.received.split("\n")).toHaveLength(2);
});

test("10,000 small requests over one connection are all answered", async () => {
  const client = await open(pathOf(await start()));
  for (let id = 0; id < 10_000; id++) client.send(call("account_version", id));
  const ids = (await client.replies(10_000)).map((reply) => reply.id);
  expect(new Set(ids).size).toBe(10_000);
});

const memoryOf = ({ child }: Signer) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1]) * 1024;

test("clients that flood and never read are held up, cost little, and others are served", async () => {
  const signer = await start();
  const before = memoryOf(signer);
  const flood = version.repeat(1000);
  const flooders = await Promise.all(
    Array.from({ length: 20 }, () => open(pathOf(signer), { listen: false })),
  );
  // 20 MB each, far more than any buffer between takes; what isn't taken stays with the client.
  for (const flooder of flooders) for (let mb = 0; mb < 300; mb++) flooder.send(flood);
  const client = await open(pathOf(signer));
  for (let id = 0; id < 20; id++) {
    client.send(call("account_version", id));
    await client.replies(id + 1);
    expect(await signer.call("account_version")).toMatchObject({ result: "6.1.0" });
  }
  expect(memoryOf(signer) - before).toBeLessThan(200 * 2 ** 20);
  for (const { socket } of flooders) expect(socket.writableLength).toBeGreaterThan(10 * 2 ** 20);
});

test("messages that are never completed take no more memory than all may, and others are served", async () => {
  const signer = await start();
  const before = memoryOf(signer);
  const piece = `{"x":"${"x".repeat(4 * 2 ** 20)}`;
  const stalled = await Promise.all(Array.from({ length: 16 }, () => open(pathOf(signer))));
  for (const client of stalled) client.send(piece);
  await until(() => stalled.filter(({ isClosed }) => isClosed).length >= 8, 2000);
  const client = await open(pathOf(signer));
  client.send(version);
  await client.replies(1);
  expect(memoryOf(signer) - before).toBeLessThan(300 * 2 ** 20);
});

test("connections that say nothing don't shut others out", async () => {
  const signer = await start();
  for (let count = 0; count < 100; count++) await open(pathOf(signer));
  const client = await open(pathOf(signer));
  client.send(version);
  await client.replies(1);
});

test("a flood on the socket leaves callers of HTTP their places at the window", async () => {
  const signer = await start({ answerer: () => undefined });
  const client = await open(pathOf(signer));
  client.send(Array.from({ length: 40 }, (_, at) => sign(at)).join(""));
  const refused = 40 - limits.questionsMax / 2;
  await until(() => client.received.split("\n").length === refused + 1);
  const asked = signer.window.next("ui_approveListing");
  const reply = signer.call("account_list");
  signer.window.answer((await asked).id, { accounts: [] });
  expect(await reply).toMatchObject({ result: [] });
});

test("a signer that is told to end refuses what is open on the socket", async () => {
  const signer = await start({ answerer: () => undefined });
  const client = await open(pathOf(signer));
  const asked = signer.window.next("ui_approveTx");
  client.send(sign(1));
  await asked;
  const ended = signer.stop();
  expect(await client.replies(1)).toMatchObject([{ error: { message: "request denied" } }]);
  expect(await ended).toBe(0);
});

test("a second one for the same configuration is refused and leaves the first one's socket", async () => {
  const signer = await start();
  await expect(startSigner({ home: signer.home })).rejects.toThrow(/another cleft/);
  const client = await open(pathOf(signer));
  client.send(version);
  await client.replies(1);
});

test("a socket in a folder that isn't ours to write is refused with a hint", async () => {
  const home = makeHome({ sample: true });
  const folder = join(home.folder, "file");
  writeFileSync(folder, "");
  chmodSync(folder, 0o600);
  const started = startSigner({ home, args: ["--ipcpath", folder] });
  await expect(started).rejects.toThrow(/Could not start IPC api: .*\nhint: choose another folder/);
  home.remove();
});
