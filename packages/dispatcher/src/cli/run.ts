import { realClock } from "../domain/clock.ts";
import { serve } from "../untrusted/server.ts";
import { checkQrexec } from "./checks.ts";
import { isLoopback, serverSettingsOf, wayOf } from "./config.ts";
import type { Arguments } from "./flags.ts";
import { openUpstream } from "./open-upstream.ts";
import type { Powers } from "./powers.ts";
import { told } from "./told.ts";

/** `cleft-dispatcher`: serve until stopped. @throws Failure */
export async function run(args: Arguments, { print, program, stop }: Powers): Promise<void> {
  const settings = serverSettingsOf(args);
  const way = wayOf(args);
  const upstream = told(await openUpstream(way, print), print);
  const lack = await checkQrexec(way, program);
  if (lack !== undefined) print.warn(`every request will fail: ${lack.what}; do: ${lack.hint}`);
  for (const address of settings.addresses.filter((one) => !isLoopback(one))) {
    print.warn(
      `${address} can be reached from outside this machine: whoever does asks the signer in your name`,
    );
  }
  const serving = await serve(settings, { upstream, clock: realClock, log: print });
  print.info(`serving ${serving.urls.join(" and ")} through ${upstream.name}`);
  try {
    await aborted(stop);
    await serving.close();
  } finally {
    await upstream.close();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
