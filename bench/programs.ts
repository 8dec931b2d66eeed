import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { root } from "../test/support/shared.ts";
import {
  type Home,
  makeHome,
  payment,
  type Signer,
  samplePassword,
  startSigner,
} from "../test/support/signer.ts";

/** The least that a JSON-RPC server in Node can do: it reads a body and answers. */
const echo = `
require("node:http").createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => { body += chunk; }).on("end", () => {
    const { id } = JSON.parse(body);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ jsonrpc: "2.0", id, result: "6.1.0" }));
  });
}).listen(0, "127.0.0.1", function () { console.log("http://127.0.0.1:" + this.address().port); });
`;

/** Starts the bare server in a process of its own. */
export async function startEcho(): Promise<{ url: string; stop(): void }> {
  const child = spawn(process.execPath, ["-e", echo], { stdio: ["ignore", "pipe", "inherit"] });
  const [line]: unknown[] = await once(child.stdout, "data");
  return { url: String(line).trim(), stop: () => child.kill("SIGKILL") };
}

/** From the start of the process to the first answer, ms. */
export async function startUpMs(home: Home): Promise<number> {
  const start = performance.now();
  const signer = await startSigner({ home });
  await signer.call("account_version");
  const took = performance.now() - start;
  await signer.stop();
  return took;
}

/** Memory of a process, MiB: what it has now and the most that it had. */
export function memoryMib({ child }: Signer): { now: number; most: number } {
  const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
  const of = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1]) / 1024;
  return { now: of("VmRSS"), most: of("VmHWM") };
}

/** Signs once with a key file of the standard strength; its memory and time. */
export async function standardSignature(): Promise<{ tookMs: number; now: number; most: number }> {
  const home = makeHome({ sample: false });
  const flags = ["--keystore", home.keystore, "--suppress-bootwarn"];
  const input = `${samplePassword}\n`;
  const cleft = `${root}packages/signer/bin/cleft.mjs`;
  const made = execFileSync(process.execPath, [cleft, ...flags, "newaccount"], {
    input,
    encoding: "utf8",
    stdio: ["pipe", "pipe", "ignore"],
  });
  const [from] = /0x[0-9a-fA-F]{40}/.exec(made) ?? [];
  const signer = await startSigner({ home });
  try {
    const start = performance.now();
    const { error } = await signer.call("account_signTransaction", [payment({ from })]);
    if (error !== undefined) throw new Error(error.message);
    return { tookMs: performance.now() - start, ...memoryMib(signer) };
  } finally {
    await signer.stop();
    home.remove();
  }
}
