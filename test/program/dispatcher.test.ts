import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type Dispatcher,
  runDispatcher,
  startDispatcher,
  writeClient,
} from "../support/dispatcher.ts";
import { payment, type Signer } from "../support/signer.ts";
import { start, until } from "./running.ts";

const version = '{"jsonrpc":"2.0","id":1,"method":"account_version"}';
const running: Dispatcher[] = [];
let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cleft-dispatcher-"));
});

afterEach(async () => {
  for (const dispatcher of running.splice(0)) await dispatcher.stop("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a dispatcher; it is gone after the test. */
async function dispatch(...args: readonly string[]): Promise<Dispatcher> {
  const dispatcher = await startDispatcher(args);
  running.push(dispatcher);
  return dispatcher;
}

const socketOf = ({ home }: Signer) => join(home.configDir, "clef.ipc");

describe("before a signer on the same machine", () => {
  test("over its socket: versions, payments, batches and notifications", async () => {
    const signer = await start();
    const { call, post } = await dispatch("--ipc", socketOf(signer));
    expect(await call("account_version")).toMatchObject({ result: "6.1.0" });
    const signed = await call("account_signTransaction", [payment()]);
    expect(signed).toMatchObject({ result: { raw: expect.stringMatching(/^0x02/) } });
    expect(signed).toEqual(await signer.call("account_signTransaction", [payment()]));
    const note = '{"jsonrpc":"2.0","method":"account_version"}';
    expect(JSON.parse((await post(`[${version},${note},7]`)).text)).toMatchObject([
      { id: 1, result: "6.1.0" },
      { id: null, error: { code: -32600 } },
    ]);
    expect(await post(note)).toEqual({ status: 200, text: "" });
  });

  test("over HTTP: the signer's person sees the claims", async () => {
    const signer = await start();
    const { call } = await dispatch("--http", signer.url);
    expect(await call("account_signTransaction", [payment()])).toMatchObject({
      result: { raw: expect.stringMatching(/^0x02/) },
    });
    const asked = signer.window.messages.find(({ method }) => method === "ui_approveTx");
    expect(asked?.line).toMatch(
      /cleft-dispatcher\/[\d.]+ \(host localhost:\d+; remote (?:127\.0\.0\.1|::1):/,
    );
  });

  test.each(["--ipc", "--http"])("%s: who hangs up withdraws the question", async (flag) => {
    const signer = await start({ answerer: () => undefined });
    const { call } = await dispatch(flag, flag === "--ipc" ? socketOf(signer) : signer.url);
    const gone = new AbortController();
    const outcome = call("account_signTransaction", [payment()], gone.signal).catch(() => "gone");
    await signer.window.next("ui_approveTx");
    gone.abort();
    expect(await outcome).toBe("gone");
    await until(() => signer.log().includes("hung up"));
  });

  test.skipIf(spawnSync("curl", ["--version"]).error !== undefined)(
    "the command of Clef's document works as it stands",
    async () => {
      const { url } = await dispatch("--ipc", socketOf(await start()));
      const args = ["-sS", "-X", "POST", "-d", "@-", url];
      const { stdout, stderr } = spawnSync("curl", args, { input: version, encoding: "utf8" });
      expect([stdout, stderr]).toEqual(['{"jsonrpc":"2.0","id":1,"result":"6.1.0"}\n', ""]);
    },
  );

  test("a signer that ends and starts again is said once each, and served again", async () => {
    const signer = await start();
    const { call, post, log } = await dispatch("--ipc", socketOf(signer));
    await call("account_version");
    await signer.stop();
    for (let tries = 0; tries < 2; tries++) {
      const { status, text } = await post(version);
      expect(status).toBe(502);
      expect(JSON.parse(text)).toMatchObject({ id: 1, error: { code: -32000 } });
    }
    await start({ home: signer.home });
    expect(await call("account_version")).toMatchObject({ result: "6.1.0" });
    await until(() => log().includes("answers again"));
    expect(log().match(/the signer can't be reached/g)).toHaveLength(1);
  });
});

describe("through a qrexec client", () => {
  test("calls share one stream, which says its target and profile", async () => {
    const client = writeClient(
      folder,
      `greet(); onFrame((frame) => { if (frame.type === "req") { ack(frame); reply(frame, [process.pid, ...process.argv.slice(2)]); } });`,
    );
    const { call } = await dispatch("--qrexec", "vault+defi", "--qrexec-client", client);
    const replies = await Promise.all(Array.from({ length: 40 }, () => call("x")));
    const results = new Set(replies.map(({ result }) => JSON.stringify(result)));
    expect([...results]).toEqual([
      expect.stringMatching(/^\[\d+,"--","vault","qubes\.Clefsign\+defi"\]$/),
    ]);
  });

  test.each<[string, string, number, string]>([
    [
      "a denial",
      'process.stderr.write("Request refused\\n"); process.exit(126);',
      403,
      "check dom0 policy",
    ],
    ["a missing service", "process.exit(127);", 502, "no such service"],
    ["nobody who listens", "process.exit(125);", 502, "isn't running"],
    [
      "a vault that dies after it took the request up",
      'greet(); onFrame((frame) => { if (frame.type === "req") { ack(frame); setTimeout(() => process.exit(255), 50); } });',
      502,
      "outcome unknown: look at the signer's ledger before asking again",
    ],
    [
      "a client that can't be started",
      "process.stderr.write('connect: No such file or directory\\n'); process.exit(1);",
      502,
      "no working qrexec",
    ],
  ])("%s is told with its status and what to do", async (_, body, status, sentence) => {
    const { post, log } = await dispatch("--qrexec-client", writeClient(folder, body));
    const { status: said, text } = await post(version);
    expect([said, JSON.parse(text)]).toEqual([
      status,
      {
        jsonrpc: "2.0",
        id: 1,
        error: { code: -32000, message: expect.stringContaining(sentence) },
      },
    ]);
    await until(() => log().includes("exit code"));
  });

  test("what a client program says to stderr is shown inert, on one line", async () => {
    const body = 'process.stderr.write("\\u001b[2J\\nnext"); process.exit(125);';
    const { post, log } = await dispatch("--qrexec-client", writeClient(folder, body));
    await post(version);
    await until(() => log().includes("exit code"));
    expect(log()).toContain("<U+001B>[2J<U+000A>next");
  });

  test("SIGTERM ends it cleanly, and the client program with it", async () => {
    const body =
      'greet(); onFrame((frame) => { if (frame.type === "req") reply(frame, process.pid); });';
    const dispatcher = await dispatch("--qrexec-client", writeClient(folder, body));
    const { result } = await dispatcher.call("x");
    expect(await dispatcher.stop()).toBe(0);
    const isAlive = () => {
      try {
        return process.kill(Number(result), 0);
      } catch {
        return false;
      }
    };
    await until(() => !isAlive());
  });
});

test("slow and idle clients don't shut others out", async () => {
  const { port, call } = await dispatch("--ipc", socketOf(await start()));
  const sockets = Array.from({ length: 100 }, () =>
    connect(port, "127.0.0.1").on("error", () => undefined),
  );
  for (const socket of sockets) socket.write("POST / HTTP/1.1\r\nHost: loc");
  for (let tries = 0; tries < 5; tries++) {
    expect(await call("account_version")).toMatchObject({ result: "6.1.0" });
  }
  for (const socket of sockets) socket.destroy();
});

describe("the command line", () => {
  test("a port that is taken, and what was typed wrong, end it with 1 and a hint", async () => {
    const { port } = await dispatch("--ipc", "/nowhere");
    const taken = runDispatcher(["--ipc", "/nowhere", "--port", String(port)]);
    expect([taken.exit, taken.out]).toEqual([1, ""]);
    expect(taken.err).toMatch(/^error: can't listen on .*another program listens there\nhint: /);
    expect(runDispatcher(["--nope"])).toMatchObject({
      exit: 1,
      err: expect.stringMatching(
        /^error: there is no flag --nope\nhint: \/\S+\/cleft-dispatcher\.mjs help\n$/,
      ),
    });
  });

  test("a token that others can read is refused", () => {
    const path = join(folder, "token");
    writeFileSync(path, "secret\n");
    chmodSync(path, 0o644);
    const { exit, err } = runDispatcher(["--http", "http://localhost:1", "--token-file", path]);
    expect([exit, err]).toEqual([1, expect.stringContaining("0600")]);
    expect(err).not.toContain("secret");
  });

  test("an address that others can reach is warned of", () => {
    // One of those for documents (RFC 5737), which no machine has.
    const { exit, err } = runDispatcher(["--ipc", "/nowhere", "--listen", "192.0.2.1"]);
    expect([exit, err]).toEqual([
      1,
      expect.stringMatching(/^warning: 192\.0\.2\.1 can be reached from outside this machine/),
    ]);
  });

  test("help and version go to stdout", () => {
    expect(runDispatcher(["help"])).toMatchObject({ exit: 0, err: "" });
    expect(runDispatcher(["--version"]).out).toMatch(/^cleft-dispatcher version \d+\.\d+\.\d+\n$/);
  });
});

describe("on a plain host without qrexec", () => {
  const start = (...args: string[]) => dispatch(...args).then(({ log }) => log());
  const plain = !existsSync("/usr/bin/qrexec-client-vm");

  test.runIf(plain)(
    "the start warns that requests will fail, and what to give instead",
    async () => {
      expect(await start()).toMatch(
        /^warning: every request will fail: \/usr\/bin\/qrexec-client-vm can't be run: it isn't there; do: on a plain host, \/\S+\/cleft-dispatcher\.mjs --ipc PATH or --http URL; in a qube, .*\nserving /,
      );
    },
  );

  test("so does one that is to use a client that isn't there", async () => {
    const path = join(folder, "nothing");
    expect(await start("--qrexec-client", path)).toContain(`${path} can't be run: it isn't there`);
  });

  test("a way that doesn't need it, or a client that is there, is not warned of", async () => {
    expect(await start("--ipc", "/nowhere")).toMatch(/^serving /);
    expect(await start("--http", "http://localhost:1")).toMatch(/^serving /);
    const client = writeClient(folder, "process.exit(126);");
    expect(await start("--qrexec-client", client)).toMatch(/^serving /);
  });
});

describe("doctor", () => {
  /** The lines without those of the two ports, of qrexec's agent and of what is to be done about it. */
  const doctor = (...args: string[]) => {
    const { exit, out, err } = runDispatcher(["doctor", "--port", "0", ...args]);
    const [, rest = ""] = /^([\s\S]*?)ok {5}127\.0\.0\.1:0 is free\n/.exec(out) ?? [];
    const text = rest.replace(/^\w+ +[^\n]*qrexec-agent[^\n]*\n(?: {7}do: .*\n)?/m, "");
    return { exit, err, text };
  };

  test("finds nothing wrong with a signer that answers", async () => {
    const path = socketOf(await start());
    expect(doctor("--ipc", path)).toEqual({
      exit: 0,
      err: "",
      text: `ok     ${path} is a socket
ok     ipc ${path}: the signer answers, account_version 6.1.0
`,
    });
  });

  test.each<[string, string, string, string]>([
    [
      "policy denied",
      "process.exit(126);",
      "a person said no (exit code 126)",
      "check dom0 policy",
    ],
    [
      "service missing",
      "process.exit(127);",
      "no such service (exit code 127)",
      "install it there",
    ],
    ["signer down", "process.exit(125);", "isn't running in its qube (exit", "start it in a term"],
    ["words", "console.error('no'); process.exit(1);", "the call (exit code 1: no)", "look at its"],
  ])("names a fault: %s", (_, body, what, hint) => {
    const client = writeClient(folder, body);
    const { exit, err, text } = doctor("--qrexec-client", client);
    const [first, second, third] = text.split("\n");
    expect([exit, err, first]).toEqual([
      1,
      "1 of 5 checks failed\n",
      `ok     ${client} can be run`,
    ]);
    expect(second).toMatch(/^WRONG {2}qrexec @default: /);
    expect(second).toContain(what);
    expect(third).toContain(`       do: ${hint}`);
  });

  test("names a client that isn't there, and a socket that isn't one, in words", () => {
    const path = join(folder, "nothing");
    const absent = doctor("--qrexec-client", path);
    expect([absent.exit, absent.err]).toEqual([1, "2 of 5 checks failed\n"]);
    expect(absent.text).toMatch(
      /^WRONG {2}\S+nothing can't be run: it isn't there\n {7}do: on a plain host, \/\S+\.mjs --ipc PATH or /,
    );
    expect(absent.text).toContain(
      "this machine has no working qrexec (it isn't there)\n       do: ",
    );
    expect(doctor("--ipc", path).text).toMatch(
      /^WRONG {2}\S+nothing can't be reached: it isn't there\n {7}do: start the signer .*\nWRONG {2}ipc .*\n {7}do: .*\n$/,
    );
    writeFileSync(join(folder, "file"), "");
    expect(doctor("--ipc", join(folder, "file")).text).toMatch(
      /^WRONG {2}.* is no socket\n {7}do: .*\nWRONG {2}ipc .* \(nobody listens there\)\n/,
    );
    expect(doctor("--http", "http://localhost:1").text).toMatch(
      /^WRONG {2}http .*nobody listens there/,
    );
  });

  test("takes a dispatcher that runs for what it is", async () => {
    const path = socketOf(await start());
    const { port } = await dispatch("--ipc", path);
    const { exit, out } = runDispatcher(["doctor", "--ipc", path, "--port", String(port)]);
    expect([exit, out]).toEqual([
      0,
      expect.stringContaining(`127.0.0.1:${port} is a dispatcher's`),
    ]);
  });
});
