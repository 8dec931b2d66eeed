import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addProgram, callOnce, startCall, waitFor } from "./calling.ts";
import { startWorld, type World } from "./world.ts";

let world: World;

beforeAll(async () => {
  world = await startWorld({
    qubes: [
      { name: "work" },
      { name: "vault", env: { DISPLAY: ":7" } },
      { name: "plain", loginShell: true },
    ],
    policy: "* * work vault allow\n* * work plain allow",
  });
});
afterAll(() => world.stop());

test("a program gets a clean environment with the source's name and nothing of the caller", async () => {
  addProgram(world, "vault", "t.Env", "#!/bin/sh\necho $#:$1\npwd\nenv | grep -v ^PWD | sort\n");
  const { out, exit } = await callOnce(world, "work", ["vault", "t.Env"]);
  const home = join(world.folder, "qubes/vault/home");
  const lines = out.trim().split("\n");
  expect(lines.slice(0, 2)).toEqual(["0:", home]);
  expect(lines.map((line) => line.split("=")[0]).slice(2)).toEqual(
    [
      ["DISPLAY", "HOME", "LOGNAME", "PATH"],
      ["QREXEC_AGENT_PID", "QREXEC_REMOTE_DOMAIN", "QREXEC_REQUESTED_TARGET_TYPE"],
      ["QREXEC_SERVICE_ARGUMENT", "QREXEC_SERVICE_FULL_NAME", "USER"],
    ].flat(),
  );
  for (const line of [
    "DISPLAY=:7",
    `HOME=${home}`,
    "QREXEC_REMOTE_DOMAIN=work",
    "QREXEC_SERVICE_FULL_NAME=t.Env+",
    "QREXEC_SERVICE_ARGUMENT=",
    "QREXEC_REQUESTED_TARGET_TYPE=",
  ]) {
    expect(lines).toContain(line);
  }
  expect(exit).toBe(0);
});

test("a program gets an argument in argv[1] and in its environment", async () => {
  const echo = '#!/bin/sh\necho "$# $1 $QREXEC_SERVICE_ARGUMENT $QREXEC_SERVICE_FULL_NAME"\n';
  addProgram(world, "vault", "t.Arg", echo);
  const { out } = await callOnce(world, "work", ["vault", "t.Arg+defi.x"]);
  expect(out).toBe("1 defi.x defi.x t.Arg+defi.x\n");
});

test("a program's stdin and stdout are sockets, its stderr is a pipe, its session is its own", async () => {
  const look = "#!/bin/sh\nfor fd in 0 1 2; do readlink /proc/$$/fd/$fd; done\ncat /proc/$$/stat\n";
  addProgram(world, "vault", "t.Fds", look);
  const { out } = await callOnce(world, "work", ["vault", "t.Fds"]);
  const [stdin, stdout, stderr, stat = ""] = out.split("\n");
  expect(stdin).toMatch(/^socket:/);
  expect(stdout).toMatch(/^socket:/);
  expect(stderr).toMatch(/qx-.*\(deleted\)|^pipe:/);
  const [pid, , , , , session] = stat.split(" ");
  expect(session).toBe(pid);
});

test("a program can be started by a login shell, which reads the home's profile", async () => {
  writeFileSync(join(world.folder, "qubes/plain/home/.profile"), "export FROM_PROFILE=yes\n");
  addProgram(world, "plain", "t.Env", '#!/bin/sh\necho "$FROM_PROFILE $1"\n');
  const { out } = await callOnce(world, "work", ["plain", "t.Env+a"]);
  expect(out).toBe("yes a\n");
});

test("a program's stderr is written to the caller's as it is", async () => {
  addProgram(
    world,
    "vault",
    "t.Err",
    "#!/bin/sh\nprintf 'a\\033[1mb\\377' > /dev/stderr\nexit 3\n",
  );
  const { err, exit } = await callOnce(world, "work", ["vault", "t.Err"]);
  expect(err).toBe("a\u001b[1mb\ufffd");
  expect(exit).toBe(3);
});

test("the end of the caller's input is seen by a program, which can still answer", async () => {
  addProgram(world, "vault", "t.Wc", "#!/bin/sh\nwc -c\n");
  expect((await callOnce(world, "work", ["vault", "t.Wc"], "12345")).out.trim()).toBe("5");
});

test("the end of a program ends the client at once, also with its stdin open", async () => {
  addProgram(world, "vault", "t.Seven", "#!/bin/sh\necho done\nexit 7\n");
  const call = startCall(world, "work", ["vault", "t.Seven"]);
  expect(await call.exit).toBe(7);
  expect(call.out()).toBe("done\n");
});

test("a program that ends its output early runs on", async () => {
  addProgram(world, "vault", "t.Half", "#!/bin/sh\necho a\nexec >&-\ncat >/dev/null\nexit 4\n");
  const call = startCall(world, "work", ["vault", "t.Half"]);
  await waitFor(call.hasEnded, () => "the end of the output");
  expect(call.child.exitCode).toBe(null);
  call.child.stdin.end();
  expect(await call.exit).toBe(4);
});

test("a program killed by a signal is 128 and the signal's number", async () => {
  addProgram(world, "vault", "t.Killed", "#!/bin/sh\nkill -9 $$\n");
  expect((await callOnce(world, "work", ["vault", "t.Killed"])).exit).toBe(137);
});

test("a client killed by SIGKILL is the end of input for a program, then its writes fail", async () => {
  const report = join(world.folder, "report");
  const wait = `#!/bin/sh\ntrap "" PIPE\necho up\ncat >/dev/null\nsleep 0.2\nprintf x || echo failed >${report}\n`;
  addProgram(world, "vault", "t.Wait", wait);
  const call = startCall(world, "work", ["vault", "t.Wait"]);
  await call.until("up");
  call.child.kill("SIGKILL");
  expect(await call.exit).toBe("SIGKILL");
  await waitFor(
    () => readOr(report) === "failed\n",
    () => "a failed write",
  );
});

test("a client dies of SIGTERM", async () => {
  addProgram(world, "vault", "t.Cat", "#!/bin/sh\necho up\ncat\n");
  const call = startCall(world, "work", ["vault", "t.Cat"]);
  await call.until("up");
  call.child.kill("SIGTERM");
  expect(await call.exit).toBe("SIGTERM");
});

test("a program's bytes can come and go in small pieces", async () => {
  addProgram(world, "vault", "t.Pieces", "#!/bin/sh\nexec cat\n");
  world.setStream({ chunk: { bytesMax: 2, pauseMs: 5 } });
  const call = startCall(world, "work", ["vault", "t.Pieces"]);
  const pieces: string[] = [];
  call.child.stdout.on("data", (text: string) => pieces.push(text));
  call.child.stdin.end("0123456789abcdef");
  expect(await call.exit).toBe(0);
  world.setStream({});
  expect(call.out()).toBe("0123456789abcdef");
  expect(pieces.length).toBeGreaterThan(2);
});

test("8 MiB go through both ways at a time", async () => {
  addProgram(world, "vault", "t.Echo", "#!/bin/sh\nexec cat\n");
  const text = "0123456789abcdef".repeat(524_288);
  const { out, exit } = await callOnce(world, "work", ["vault", "t.Echo"], text);
  expect(out === text).toBe(true);
  expect(exit).toBe(0);
});

test.each([
  ["nothing of its name", "t.None", 127],
  ["a symlink that leads nowhere", "t.Dangling", 127],
  ["a file that can't be executed", "t.Plain", 125],
  ["a folder", "t.Folder", 125],
  ["a program without its interpreter", "t.Broken", 125],
])("%s is an exit code without a word", async (_, name, code) => {
  const { mkdirSync, symlinkSync } = await import("node:fs");
  const at = (file: string) => join(world.rpcFolder("vault"), file);
  if (name === "t.Dangling") symlinkSync("/nowhere/x", at(name));
  if (name === "t.Plain") writeFileSync(at(name), "x");
  if (name === "t.Folder") mkdirSync(at(name));
  if (name === "t.Broken") addProgram(world, "vault", name, "#!/nowhere/sh\n");
  expect(await callOnce(world, "work", ["vault", name])).toEqual({ exit: code, out: "", err: "" });
});

test("the name with its argument is looked up before the name alone", async () => {
  addProgram(world, "vault", "t.Two", "#!/bin/sh\necho any\n");
  addProgram(world, "vault", "t.Two+a", "#!/bin/sh\necho a\n");
  expect((await callOnce(world, "work", ["vault", "t.Two+a"])).out).toBe("a\n");
  expect((await callOnce(world, "work", ["vault", "t.Two+b"])).out).toBe("any\n");
});

test.each([
  ["color=red"],
  ["wait-for-session"],
  ["force-user=user"],
  ["wait-for-session=1\nwait-for-session=1"],
])("an rpc-config of %j is 125", async (text) => {
  addProgram(world, "vault", "t.Config", "#!/bin/sh\n");
  const path = join(world.rpcConfigFolder("vault"), "t.Config");
  writeFileSync(path, "wait-for-session=true\nforce-user='user'\n");
  expect((await callOnce(world, "work", ["vault", "t.Config"])).exit).toBe(0);
  writeFileSync(path, text);
  expect((await callOnce(world, "work", ["vault", "t.Config"])).exit).toBe(125);
});

function readOr(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
