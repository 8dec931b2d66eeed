import { type ChildProcess, spawn } from "node:child_process";

/** A program in a pseudo terminal (`script` of util-linux), as a person would sit at it. */
export class Terminal {
  private readonly child: ChildProcess;
  private text = "";
  /** Resolves with the exit code. */
  readonly ended: Promise<number>;

  constructor(
    command: string,
    { env = {}, columns = 80 }: { env?: NodeJS.ProcessEnv; columns?: number } = {},
  ) {
    const line = `stty cols ${columns} rows 24; exec ${command}`;
    this.child = spawn("script", ["-qfec", line, "/dev/null"], {
      env: { ...process.env, LC_ALL: "C.UTF-8", TERM: "xterm", ...env },
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      this.text += chunk;
    });
    this.ended = new Promise((resolve) => this.child.on("exit", (code) => resolve(code ?? -1)));
  }

  /** Everything that reached the screen so far, escape sequences included. */
  get screen(): string {
    return this.text;
  }

  /** Presses keys. Enter is `\r`. */
  press(keys: string): void {
    this.child.stdin?.write(keys);
  }

  /** Waits until a text has appeared behind position `from`; returns where it ends. */
  async appears(text: string, from = 0): Promise<number> {
    for (let tries = 0; tries < 600; tries++) {
      const at = this.text.indexOf(text, from);
      if (at >= 0) return at + text.length;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`"${text}" didn't appear on the screen:\n${this.text.slice(from)}`);
  }

  /** Takes the terminal away, as a dropped ssh session does. */
  hangUp(): void {
    this.child.kill("SIGKILL");
  }
}
