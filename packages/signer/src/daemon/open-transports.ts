import { httpTransport } from "../untrusted/transport/http.ts";
import { ipcTransport } from "../untrusted/transport/ipc.ts";
import type { Serve, Transport } from "../untrusted/transport/transport.ts";
import type { Config } from "./config.ts";
import type { Run } from "./powers.ts";

/** Where callers get in: a URL, a path, or `n/a`. */
export interface Endpoints {
  readonly http: string;
  readonly ipc: string;
}

/** THE LIST of ways in. @throws Failure `transport.refused` */
export async function openTransports(
  { http, ipc }: Config,
  serve: Serve,
  { clock, log, cleanups }: Run,
): Promise<Endpoints> {
  const open = async (name: string, transport: Transport) => {
    const url = await transport.open(serve);
    cleanups.add(() => transport.close());
    log.info(`${name} endpoint opened`, { url });
    return url;
  };
  return {
    http: http === "off" ? "n/a" : await open("HTTP", httpTransport(http, { clock })),
    ipc: ipc === "off" ? "n/a" : await open("IPC", ipcTransport(ipc, { clock })),
  };
}
