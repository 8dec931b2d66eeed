import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import xterm from "@xterm/headless";

/** A program in a pseudo terminal (`script` of util-linux), as a person would sit at it. */
export class Terminal {
  private readonly child: ChildProcess;
  private readonly model: xterm.Terminal;
  private readonly folder = mkdtempSync(join(tmpdir(), "cleft-tty-"));
  private text = "";
  /** Resolves with the exit code. */
  readonly ended: Promise<number>;

  constructor(
    command: string,
    {
      env = {},
      columns = 80,
      rows = 24,
    }: { env?: NodeJS.ProcessEnv; columns?: number; rows?: number } = {},
  ) {
    this.model = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
    const note = `(tty; echo $$) >${this.folder}/self`;
    const line = `${note}; stty cols ${columns} rows ${rows}; exec ${command}`;
    this.child = spawn("script", ["-qfec", line, "/dev/null"], {
      env: { ...process.env, LC_ALL: "C.UTF-8", TERM: "xterm", ...env },
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      this.text += chunk;
      this.model.write(chunk);
    });
    this.ended = new Promise((resolve) => this.child.on("exit", (code) => resolve(code ?? -1)));
    void this.ended.then(() => rmSync(this.folder, { recursive: true }));
  }

  /** Everything that reached the screen so far, escape sequences included. */
  get screen(): string {
    return this.text;
  }

  /** What a person sees now, line by line. */
  get seen(): string {
    const { active } = this.model.buffer;
    const lines = Array.from({ length: this.model.rows }, (_, row) =>
      active.getLine(active.baseY + row)?.translateToString(true),
    );
    return lines.join("\n");
  }

  /** Presses keys. Enter is `\r`. */
  press(keys: string): void {
    this.child.stdin?.write(keys);
  }

  /** Waits until a text has appeared behind position `from`; returns where it ends. */
  async appears(text: string, from = 0): Promise<number> {
    await until(
      () => this.text.includes(text, from),
      () => `"${text}" didn't appear on the screen:\n${this.text.slice(from)}`,
    );
    return this.text.indexOf(text, from) + text.length;
  }

  /** Waits until a person sees a text, or sees it no more. */
  async shows(text: string, { gone = false }: { gone?: boolean } = {}): Promise<void> {
    const what = gone ? "doesn't go from" : "isn't on";
    await until(
      () => this.seen.includes(text) !== gone,
      () => `"${text}" ${what} the screen:\n${this.seen}`,
    );
  }

  /** Gives the terminal another size, which the program is told of. */
  resize(columns: number, rows: number): void {
    const [tty = ""] = this.self();
    execFileSync("stty", ["-F", tty, "cols", String(columns), "rows", String(rows)]);
    this.model.resize(columns, rows);
  }

  /** Sends the program a signal. */
  signal(name: NodeJS.Signals): void {
    process.kill(Number(this.self()[1]), name);
  }

  /**
   * Stops the program and lets it go on as a shell's `fg` does: the terminal has the shell's modes
   * by then. `script` may stop with its program.
   */
  async stopAndGoOn(): Promise<void> {
    const [tty = "", pid = ""] = this.self();
    const isStopped = (of: string) =>
      /^State:\tT/m.test(readFileSync(`/proc/${of}/status`, "utf8"));
    this.signal("SIGSTOP");
    await until(
      () => isStopped(pid),
      () => "the program doesn't stop",
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    execFileSync("stty", ["-F", tty, "sane"]);
    this.child.kill("SIGCONT");
    this.signal("SIGCONT");
  }

  /** Takes the terminal away, as a dropped ssh session does. */
  hangUp(): void {
    this.child.kill("SIGKILL");
  }

  private self(): string[] {
    return readFileSync(join(this.folder, "self"), "utf8").split("\n");
  }
}

async function until(condition: () => boolean, complaint: () => string): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(complaint());
}
