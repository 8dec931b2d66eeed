import type { RefusalLog } from "../domain/refusal-log.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { ruleOf } from "../policy/caller-rules.ts";
import { httpTransport } from "../untrusted/transport/http.ts";
import { ipcTransport } from "../untrusted/transport/ipc.ts";
import { qrexecTransport } from "../untrusted/transport/qrexec.ts";
import type { Serve, Transport } from "../untrusted/transport/transport.ts";
import type { Config } from "./config.ts";
import type { Run } from "./powers.ts";

/** Where callers get in: a URL, a path, or `n/a`. */
export interface Endpoints {
  readonly http: string;
  readonly ipc: string;
  readonly qrexec: string;
}

interface TransportParts extends Run {
  readonly ledger: Ledger;
  readonly refusals: RefusalLog;
}

/** THE LIST of ways in. @throws Failure `transport.refused` */
export async function openTransports(
  { http, ipc, qrexec, qubes }: Config,
  serve: Serve,
  { clock, log, cleanups, onBug, ledger, refusals }: TransportParts,
): Promise<Endpoints> {
  const open = async (name: string, transport: Transport) => {
    const url = await transport.open(serve);
    cleanups.add(() => transport.close());
    log.info(`${name} endpoint opened`, { url });
    return url;
  };
  const recorded = (caller: string, frame: string) => ledger.frames.has(caller, frame);
  const toQubes = (path: string) =>
    qrexecTransport(
      { path, folderSetting: "--configdir", admit: (call) => ruleOf(call, qubes) },
      { clock, log, refusals, recorded, onBug },
    );
  return {
    http: http === "off" ? "n/a" : await open("HTTP", httpTransport(http, { clock })),
    ipc: ipc === "off" ? "n/a" : await open("IPC", ipcTransport(ipc, { clock })),
    qrexec: qrexec === "off" ? "n/a" : await open("qrexec", toQubes(qrexec)),
  };
}
