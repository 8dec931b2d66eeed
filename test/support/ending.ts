import type { ChildProcess } from "node:child_process";

/** Resolves with a process's exit code, or with the signal that killed it. */
export function endOf(child: ChildProcess, event: "exit" | "close" = "exit") {
  return new Promise<number | string>((resolve) =>
    child.on(event, (code, signal) => resolve(code ?? signal ?? "")),
  );
}
