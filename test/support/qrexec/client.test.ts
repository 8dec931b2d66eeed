import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseArguments } from "./arguments.ts";
import { addProgram, callOnce } from "./calling.ts";
import { startWorld, type World } from "./world.ts";

let world: World;

beforeAll(async () => {
  world = await startWorld({
    qubes: [{ name: "work" }, { name: "vault" }],
    policy: "* * work @default allow target=vault\n* * work vault allow",
  });
  addProgram(world, "vault", "t.Echo", "#!/bin/sh\nexec cat\n");
  addProgram(world, "vault", "t.Name", '#!/bin/sh\necho "$QREXEC_SERVICE_FULL_NAME"\n');
  addProgram(
    world,
    "vault",
    "t.Ugly",
    "#!/bin/sh\nprintf 'a\\033\\t\\302\\n'\nprintf '\\033' >&2\n",
  );
});
afterAll(() => world.stop());

const call = (args: readonly string[], input = "") => callOnce(world, "work", args, input);
/** Runs a line of shell with the client as `qrexec-client-vm` on its PATH. */
function shell(line: string, input = "") {
  const env = { ...process.env, PATH: `${world.binFolder("work")}:${process.env["PATH"]}` };
  const { status, stdout, stderr } = spawnSync("sh", ["-c", line], {
    input,
    env,
    encoding: "utf8",
  });
  return { exit: status, out: stdout, err: stderr };
}

describe("parseArguments()", () => {
  test.each([
    [["vault", "s"], { target: "vault", service: "s", program: [] }],
    [["--", "vault", "s"], { target: "vault", service: "s" }],
    [["", "s"], { target: "@default" }],
    [["$default", "s$"], { target: "@default", service: "s$" }],
    [["a".repeat(70), "s"], { target: "a".repeat(63) }],
    [["vault", "s+a", "/bin/x", "-t", "--"], { program: ["/bin/x", "-t", "--"] }],
    [["-tT", "v", "s"], { filterStdout: true, filterStderr: true }],
    [
      ["--no-filter-escape-chars-stdout", "-T", "v", "s"],
      { filterStdout: false, filterStderr: true },
    ],
    [["-t", "--no-filter-escape-chars-stdout", "v", "s"], { filterStdout: false }],
    [["--buffer-size=1", "--agent-socket=/x", "v", "s"], { agentSocket: "/x", service: "s" }],
    [["--buffer-size", "1", "-px", "v", "s"], { prefix: "x" }],
    [["-p", "x", "-s", "dom0", "v", "s"], { prefix: "x", sourceQube: "dom0" }],
    [["--prefix-data=a=b", "--source-qube=q", "v", "s"], { prefix: "a=b", sourceQube: "q" }],
    [["--use-stdin-socket", "v", "s"], { useStdinSocket: true }],
  ])("%j", (words, expected) => {
    expect(parseArguments(words)).toMatchObject({ is: "call", ...expected });
  });
});

test.each([["-h"], ["--help"]])("%s writes the usage to stdout", async (flag) => {
  const { exit, out, err } = await call([flag]);
  expect(out).toMatch(/^usage: qrexec-client-vm/);
  expect({ exit, err }).toEqual({ exit: 0, err: "" });
});

test.each([
  [[]],
  [["vault"]],
  [["--frobnicate", "vault", "s"]],
  [["-x", "vault", "s"]],
  [["--buffer-size"]],
  [["--use-stdin-socket=1", "vault", "s"]],
  [["-p", "a", "--prefix-data=b", "vault", "s"]],
])("%j is 2 and the usage on stderr", async (args) => {
  const { exit, out, err } = await call(args);
  expect(err).toContain("usage: qrexec-client-vm");
  expect({ exit, out }).toEqual({ exit: 2, out: "" });
});

test.each([
  ["0", "<&-"],
  ["1", ">&-"],
])("a closed descriptor %s is 125", (fd, redirection) => {
  const { exit, err } = shell(`qrexec-client-vm vault t.Echo ${redirection}`);
  expect(err).toBe(`qrexec-client-vm: File descriptor ${fd} is closed, cannot continue\n`);
  expect(exit).toBe(125);
});

test("a closed stderr is 125 too", () => {
  expect(shell("qrexec-client-vm vault t.Echo 2>&-")).toEqual({ exit: 125, out: "", err: "" });
});

test("without an agent it is 1", async () => {
  const { exit, err } = await call(["--agent-socket=/nowhere/a", "vault", "t.Echo"]);
  expect(err).toMatch(/connect: No such file or directory\n$/);
  expect(exit).toBe(1);
});

test("bytes that no name has become _, and the full name always has a plus", async () => {
  expect((await call(["vault", "t.Name+a b/c:d@e"])).out).toBe("t.Name+a_b_c_d_e\n");
  expect((await call(["vault", "t.Name+é"])).out).toBe("t.Name+__\n");
  expect((await call(["vault", "t.Name"])).out).toBe("t.Name+\n");
  expect((await call(["va ult", "t.Name"])).out).toBe("t.Name+\n");
  expect(world.calls().at(-1)?.target).toBe("va_ult");
});

test.each([[""], ["+a"]])("the service %j is refused", async (service) => {
  const expected = { exit: 126, out: "", err: "Request refused\n" };
  expect(await call(["vault", service])).toEqual(expected);
});

test("the source is the client's own qube, whatever the caller says", async () => {
  const refused = { exit: 126, out: "", err: "Request refused\n" };
  expect(await call(["-s", "vault", "vault", "t.Echo"])).toEqual(refused);
  expect(world.calls().at(-1)).toMatchObject({ source: "work", decision: "refused" });
  shell("QREXEC_REMOTE_DOMAIN=dom0 QREXEC_SOURCE=dom0 qrexec-client-vm vault t.Echo");
  expect(world.calls().at(-1)).toMatchObject({ source: "work", decision: "allow" });
});

test("prefix data is sent before stdin", async () => {
  expect((await call(["-p", "one,", "vault", "t.Echo"], "two")).out).toBe("one,two");
});

test("control characters are filtered where it is told, each stream for itself", async () => {
  expect(await call(["vault", "t.Ugly"])).toMatchObject({
    out: "a\u001b\t\u00c2\n",
    err: "\u001b",
  });
  expect(await call(["-t", "vault", "t.Ugly"])).toMatchObject({ out: "a_\t_\n", err: "\u001b" });
  expect(await call(["-T", "vault", "t.Ugly"])).toMatchObject({
    out: "a\u001b\t\u00c2\n",
    err: "_",
  });
});

test("a refused call leaves its stdin unread", () => {
  const { out } = shell("qrexec-client-vm vault +x 2>/dev/null; cat", "unread");
  expect(out).toBe("unread");
});

test("stdin and stdout can be files", () => {
  const [input, output] = [join(world.folder, "in"), join(world.folder, "out")];
  const line = `echo hi >${input}; qrexec-client-vm vault t.Echo <${input} >${output}; cat ${output}`;
  expect(shell(line)).toEqual({ exit: 0, out: "hi\n", err: "" });
  expect(shell("qrexec-client-vm vault t.Echo </dev/null >/dev/null").exit).toBe(0);
});

test("one socket can be both stdin and stdout", async () => {
  const program = `
    const { createServer } = require("net");
    const { spawn } = require("child_process");
    const path = process.argv[1], client = process.argv[2];
    createServer({ allowHalfOpen: true }, (socket) => {
      spawn(client, ["--use-stdin-socket", "vault", "t.Echo"], { stdio: [socket, "ignore", "inherit"] });
    }).listen(path, () => {
      const socket = require("net").connect({ path, allowHalfOpen: true });
      socket.end("both ways");
      socket.on("data", (data) => process.stdout.write(data)).on("end", () => process.exit());
    });`;
  const args = ["-e", program, join(world.folder, "both"), world.clientPath("work")];
  const { stdout } = spawnSync(process.execPath, args, { encoding: "utf8", timeout: 20_000 });
  expect(stdout).toBe("both ways");
});

describe("a local program", () => {
  test("is joined to the service, finds our stdio under its old numbers, and its exit code is ours", () => {
    const local = addProgram(
      world,
      "work",
      "local",
      '#!/bin/sh\necho "$1"; exec >&-\nread line\neval "exec 1>&$SAVED_FD_1 0<&$SAVED_FD_0"\necho "$line $SAVED_FD_2 $(cat)"\nexit 9\n',
    );
    const { exit, out } = shell(`qrexec-client-vm vault t.Echo ${local} asked`, "ours");
    expect({ exit, out }).toEqual({ exit: 9, out: "asked  ours\n" });
  });

  test("finds our stderr only with PASS_LOCAL_STDERR", () => {
    const local = addProgram(world, "work", "local2", '#!/bin/sh\neval "echo x >&$SAVED_FD_2"\n');
    const line = `PASS_LOCAL_STDERR=1 qrexec-client-vm vault t.Echo ${local}`;
    expect(shell(line)).toEqual({ exit: 0, out: "", err: "x\n" });
  });

  test("is not started for a refused call", () => {
    const { exit, err } = shell("qrexec-client-vm vault +x /bin/echo started");
    expect({ exit, err }).toEqual({ exit: 126, err: "Request refused\n" });
  });

  test("that can't be started is 255", () => {
    expect(shell("qrexec-client-vm vault t.Echo /nowhere/program").exit).toBe(255);
  });
});
