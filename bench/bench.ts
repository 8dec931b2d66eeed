import { cpus, loadavg } from "node:os";
import { makeHome, type Signer, startSigner } from "../test/support/signer.ts";
import { type Callers, type Figures, median, overHttp, overIpc } from "./load.ts";
import { memoryMib, standardSignature, startEcho, startUpMs } from "./programs.ts";
import { qubesFigures } from "./qubes.ts";
import { bodies, isQuick, load, row, say } from "./table.ts";

const starts = isQuick ? 3 : 15;

/** Clef 1.17.3, measured elsewhere: another machine of two cores. Ratios within a run count more. */
const clef: Readonly<Record<string, string>> = {
  "start to first answer": "14",
  "memory idle": "26",
  "memory after a standard signature": "-",
  "most memory, standard signature": "793",
  "a standard signature": "697",
  "account_version 1": "8353",
  "account_version 8": "-",
  "account_list 1": "181",
  "account_list 8": "283",
  "account_signTransaction 1": "14.2",
  "account_signTransaction 8": "27.6",
};

async function processFigures(): Promise<void> {
  say("the process", "Cleft", "Clef*");
  const home = makeHome({ sample: true });
  const times: number[] = [];
  for (let run = 0; run < starts; run++) times.push(await startUpMs(home));
  say(`start to first answer, ms (${starts})`, median(times), clef["start to first answer"] ?? "");
  const idle = await startSigner({ home });
  await idle.call("account_version");
  say("memory idle, MiB", memoryMib(idle).now, clef["memory idle"] ?? "");
  await idle.stop();
  home.remove();
  const { tookMs, now, most } = await standardSignature();
  for (const [name, unit, value] of [
    ["a standard signature", "ms", tookMs],
    ["memory after a standard signature", "MiB", now],
    ["most memory, standard signature", "MiB", most],
  ] as const) {
    say(`${name}, ${unit}`, value, clef[name] ?? "");
  }
}

/** Each load with one client and with eight, over one way in. */
async function loads(
  open: (clients: number) => Callers,
  methods: readonly string[],
  bare: readonly Figures[],
): Promise<void> {
  for (const method of methods) {
    for (const [at, clients] of [1, 8].entries()) {
      const figures = await load(open(clients), bodies[method] ?? "");
      const echo = bare[at]?.perSecond ?? Number.NaN;
      const before = clef[`${method} ${clients}`] ?? "-";
      row(`${method}, ${clients} at once`, figures, figures.perSecond / echo, before);
    }
  }
}

async function bareFigures(): Promise<readonly Figures[]> {
  const echo = await startEcho();
  const figures: Figures[] = [];
  for (const clients of [1, 8]) {
    const one = await load(overHttp(echo.url, clients), bodies["account_version"] ?? "");
    row(`bare node:http, ${clients} at once`, one, 1, "");
    figures.push(one);
  }
  echo.stop();
  return figures;
}

async function signerFigures(signer: Signer, bare: readonly Figures[]): Promise<void> {
  await loads((clients) => overHttp(signer.url, clients), Object.keys(bodies), bare);
  const startup = signer.window.messages.find(({ method }) => method === "ui_onSignerStartup");
  const info = startup?.params[0]["info"] as { extapi_ipc: string } | undefined;
  const path = info?.extapi_ipc ?? "n/a";
  say("");
  if (path === "n/a") say("over IPC: skipped, the signer serves no socket");
  else {
    say("over IPC", "p50 ms", "p99 ms", "requests/s", "of bare", "Clef*");
    await loads((clients) => overIpc(path, clients), Object.keys(bodies), bare);
  }
}

const [busy = 0] = loadavg();
const machine = `${cpus().length} × ${cpus()[0]?.model}, load ${busy.toFixed(1)} before the start`;
console.log(`Node ${process.version}, ${machine}`);
if (busy > 1) console.log("the machine is busy: compare ratios within this run, nothing else");
console.log("");
await processFigures();
say("");
say("over HTTP, kept alive", "p50 ms", "p99 ms", "requests/s", "of bare", "Clef*");
const bare = await bareFigures();
const home = makeHome({ sample: true });
const signer = await startSigner({ home });
try {
  await signerFigures(signer, bare);
} finally {
  await signer.stop();
  home.remove();
}
await qubesFigures();
console.log(
  "\n* Clef 1.17.3, recorded on another machine of two cores; requests/s where there are loads",
);
