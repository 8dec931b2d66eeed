import { spawn } from "node:child_process";
import { once } from "node:events";
import { callOnce } from "../test/support/qrexec/calling.ts";
import { type Qubes, startQubes } from "../test/support/qubes.ts";
import { type Figures, median, overHttp } from "./load.ts";
import { bodies, isQuick, load, row, say } from "./table.ts";

const calls = isQuick ? 10 : 40;

/**
 * What the way through qrexec costs: the same loads on the signer itself and through a dispatcher and
 * the stand-in for qrexec, in turns, and calls that are made for one request. There is no Xen here.
 */
export async function qubesFigures(): Promise<void> {
  const qubes = await startQubes();
  try {
    await streams(qubes);
    await oneShots(qubes);
  } finally {
    await qubes.stop();
  }
}

async function streams(qubes: Qubes): Promise<void> {
  const dispatcher = await qubes.dispatcher("work");
  say("");
  say("through a dispatcher and qrexec", "p50 ms", "p99 ms", "requests/s", "of direct", "");
  for (const method of ["account_version", "account_signTransaction"]) {
    for (const clients of [1, 8]) {
      const body = bodies[method] ?? "";
      const direct = await load(overHttp(qubes.signer.url, clients), body);
      const figures = await load(overHttp(dispatcher.url, clients), body);
      row(`${method}, ${clients} at once`, figures, figures.perSecond / direct.perSecond, "");
      say("  adds at the median, ms", figures.p50Ms - direct.p50Ms);
    }
  }
}

async function oneShots(qubes: Qubes): Promise<void> {
  say("");
  say(`account_version by a call of its own (${calls})`, "p50 ms", "p99 ms");
  const body = bodies["account_version"] ?? "";
  const node = () => ended(process.execPath, ["-e", "0"], {}, "");
  line("an empty Node program, beside it", await times(node));
  const wrapper = await qubes.wrapper();
  const env = { QREXEC_REMOTE_DOMAIN: "work", QREXEC_SERVICE_FULL_NAME: "qubes.Clefsign+" };
  line("the exec service, from its start", await times(() => ended(wrapper, [], env, body)));
  const whole = ["@default", "qubes.Clefsign"];
  line(
    "qrexec-client-vm to a socket",
    await times(() => callOnce(qubes.world, "work", whole, body)),
  );
}

function line(name: string, { p50Ms, p99Ms }: Pick<Figures, "p50Ms" | "p99Ms">): void {
  say(name, p50Ms, p99Ms);
}

async function times(call: () => Promise<unknown>): Promise<Pick<Figures, "p50Ms" | "p99Ms">> {
  const taken: number[] = [];
  for (let at = 0; at < calls; at++) {
    const start = performance.now();
    await call();
    taken.push(performance.now() - start);
  }
  return { p50Ms: median(taken), p99Ms: Math.max(...taken) };
}

async function ended(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  input: string,
): Promise<void> {
  const child = spawn(program, args, { env: { ...process.env, ...env } });
  child.stdout.resume();
  child.stdin.on("error", () => undefined).end(input);
  await once(child, "close");
}
