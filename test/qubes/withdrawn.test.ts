import { afterEach, expect, test } from "vitest";
import { root } from "../support/shared.ts";
import { Terminal } from "../support/terminal.ts";
import { Way } from "./killing.ts";

const terminals: Terminal[] = [];
afterEach(async () => {
  for (const terminal of terminals.splice(0)) {
    terminal.hangUp();
    await terminal.ended;
  }
});

/** A way whose signer asks a person at a terminal. */
async function openWithPerson() {
  const way = await Way.open();
  await way.kill("signer");
  const { keystore, configDir } = way.qubes.home;
  const flags = ["--qrexec", "--lightkdf", "--suppress-bootwarn"];
  const words = ["--keystore", keystore, "--configdir", configDir, ...flags];
  const terminal = new Terminal(`${root}cleft ${words.join(" ")}`, { rows: 40 });
  terminals.push(terminal);
  await terminal.shows("waiting for requests");
  return { way, terminal };
}

test.each(["dispatcher", "wrapper"] as const)(
  "kill -9 of the %s takes the question off the screen, and the next one can be answered",
  async (victim) => {
    const { way, terminal } = await openWithPerson();
    const cutOff = way.pay();
    await terminal.shows("SIGN?");
    await way.kill(victim);
    await terminal.shows("Withdrawn   the caller hung up");
    await terminal.shows("SIGN?", { gone: true });
    expect(await cutOff).not.toBe("200 done");
    terminal.press("\r");
    await terminal.shows("waiting for requests");

    await way.restart(victim);
    const denied = way.pay();
    await terminal.shows("READY");
    terminal.press("r");
    expect(await denied).toBe("200 request denied");
    expect(way.records("intent")).toEqual([]);
  },
);
