import assert from "node:assert/strict";
import type { Window } from "../approval/window.ts";
import { Channel } from "../window/channel.ts";
import { FullScreen } from "../window/full-screen.ts";
import { lineWindow } from "../window/line-mode.ts";
import { noWindow } from "../window/none.ts";
import { stdioWindow } from "../window/stdio.ts";
import type { Config } from "./config.ts";
import type { Run } from "./powers.ts";

/** THE LIST of places where questions are answered. */
export function openWindow({ window, armMs }: Config, run: Run): Window {
  const { log, clock, terminal, stdio, lifecycle, cleanups } = run;
  switch (window) {
    case "full-screen": {
      assert(terminal?.keys, "a full screen needs a keyboard");
      const onQuit = () => lifecycle.drain("the operator quit");
      const { screen, keys } = terminal;
      const ending = lifecycle.draining;
      const whole = new FullScreen({ screen, keys, clock, armMs, onQuit, ending });
      cleanups.add(() => whole.close());
      return whole;
    }
    case "line":
      assert(terminal, "a window of lines needs a terminal");
      return lineWindow({ ...terminal, clock, armMs });
    case "stdio": {
      const onLost = () => lifecycle.drain("the window closed its channel");
      return stdioWindow(new Channel({ ...stdio, log, onLost }));
    }
    case "none":
      return noWindow;
  }
}
