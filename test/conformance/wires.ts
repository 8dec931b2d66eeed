import { join } from "node:path";
import { askIpc } from "../support/ipc-client.ts";
import type { Signer } from "../support/signer.ts";
import type { GoldenCase } from "./golden.ts";

/** What is compared of an answer; a socket has only the body. */
export interface Answered {
  readonly head: string;
  readonly body: string;
}

/** A way in over which a recording is replayed. All of them were made over HTTP. */
export interface Wire {
  /** Stands behind the file's name in the counts. */
  readonly name: "" | " over IPC";
  /** Cases that Clef answers otherwise on this wire; another file has the recording of it. */
  readonly elsewhere: ReadonlySet<string>;
  send(signer: Signer, recorded: GoldenCase): Promise<Answered>;
  /** The recorded answer as it has to come on this wire. */
  answerOf(recorded: GoldenCase): Answered;
  /** A recorded line to the window as it has to be for a caller on this wire. */
  lineOf(recorded: string): string;
}

const http: Wire = {
  name: "",
  elsewhere: new Set(),
  async send({ url }, { request }) {
    const {
      "Content-Length": _length,
      Host: _host,
      Connection: _connection,
      ...headers
    } = request.headers;
    const response = await fetch(url, { method: "POST", headers, body: request.body });
    const { status, statusText } = response;
    const head = `HTTP/1.1 ${status} ${statusText} ${response.headers.get("content-type")}`;
    return { head, body: await response.text() };
  },
  answerOf: ({ response: { status, headers, body } }) => ({
    head: `${status} ${headers["Content-Type"]}`,
    body,
  }),
  lineOf: (recorded) => recorded,
};

/** What Clef tells a window of a caller on its socket (ipc-transport.json, `list`). */
const socketMeta = '"meta":{"remote":"NA","local":"NA","scheme":"ipc","User-Agent":"","Origin":""}';

const ipc: Wire = {
  name: " over IPC",
  // ipc-transport.json has it: a socket could carry notifications.
  elsewhere: new Set(["subscribe"]),
  async send({ home }, { request }) {
    return { head: "", body: await askIpc(join(home.configDir, "clef.ipc"), request.body) };
  },
  answerOf: ({ response }) => ({ head: "", body: response.body }),
  lineOf: (recorded) => recorded.replace(/"meta":\{[^}]*\}/, socketMeta),
};

/** THE LIST of ways in over which methods are replayed. */
export const wires: readonly Wire[] = [http, ipc];
