import { Agent, request } from "node:http";
import { connect, type Socket } from "node:net";

/** One call over a connection of its own; resolves when the whole reply is here. */
export type Call = (body: string) => Promise<void>;

/** A caller for each of `clients` connections, and how they are closed. */
export interface Callers {
  readonly calls: readonly Call[];
  close(): void;
}

/** Callers over HTTP that keep their connection. */
export function overHttp(url: string, clients: number): Callers {
  const agents = Array.from(
    { length: clients },
    () => new Agent({ keepAlive: true, maxSockets: 1 }),
  );
  return {
    calls: agents.map((agent) => (body) => post(url, agent, body)),
    close: () => {
      for (const agent of agents) agent.destroy();
    },
  };
}

function post(url: string, agent: Agent, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": body.length };
    const sent = request(url, { method: "POST", agent, headers }, (response) => {
      let reply = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        reply += chunk;
      });
      response.on("end", () => (isError(reply) ? reject(new Error(reply)) : resolve()));
    });
    sent.on("error", reject).end(body);
  });
}

/** Callers over the socket: one JSON text after the other. */
export function overIpc(path: string, clients: number): Callers {
  const sockets = Array.from({ length: clients }, () => connect(path));
  return {
    calls: sockets.map((socket) => (body) => exchange(socket, body)),
    close: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}

function exchange(socket: Socket, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let reply = "";
    const heard = (chunk: Buffer) => {
      reply += chunk.toString();
      if (!reply.endsWith("\n")) return;
      socket.off("data", heard).off("error", reject);
      if (isError(reply)) reject(new Error(reply));
      else resolve();
    };
    socket.on("data", heard).once("error", reject).write(`${body}\n`);
  });
}

function isError(reply: string): boolean {
  return reply.includes('"error"');
}

/** What a load was like. */
export interface Figures {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly perSecond: number;
}

/** Every caller asks again as soon as it is answered, for a time; the first tenth warms up. */
export async function measure({ calls }: Callers, body: string, forMs: number): Promise<Figures> {
  const timesMs: number[] = [];
  const start = performance.now();
  const [from, until] = [start + forMs / 10, start + forMs];
  const loop = async (call: Call) => {
    for (let now = performance.now(); now < until; ) {
      const before = now;
      await call(body);
      now = performance.now();
      if (before >= from) timesMs.push(now - before);
    }
  };
  await Promise.all(calls.map(loop));
  const seconds = (performance.now() - from) / 1000;
  return { ...quantiles(timesMs), perSecond: timesMs.length / seconds };
}

function quantiles(timesMs: number[]): { p50Ms: number; p99Ms: number } {
  const sorted = timesMs.sort((a, b) => a - b);
  const at = (part: number) => sorted[Math.floor(part * (sorted.length - 1))] ?? Number.NaN;
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
}

/** The middle of some figures. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
