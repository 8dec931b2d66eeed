import { checkCall, checkPort, checkWay, type Finding } from "./checks.ts";
import { serverSettingsOf, wayOf } from "./config.ts";
import type { Arguments } from "./flags.ts";
import { openUpstream } from "./open-upstream.ts";
import type { Powers } from "./powers.ts";

/**
 * `cleft-dispatcher doctor`: tries the way to the signer step by step and prints a line each; the
 * exit code is 1 if one found a fault. @throws Failure `usage`
 */
export async function doctor(args: Arguments, { print, stop }: Powers): Promise<0 | 1> {
  const [settings, way] = [serverSettingsOf(args), wayOf(args)];
  let hasFault = false;
  const say = (findings: readonly Finding[]) => {
    for (const { verdict, check, text } of findings) {
      hasFault ||= verdict === "fault";
      print.result(`${verdict.padEnd(5)}  ${check.padEnd(14)}  ${text}`);
    }
  };
  const upstream = await openUpstream(way, print);
  say(await checkWay(way));
  say([await checkCall(upstream, stop)]);
  for (const host of settings.addresses) say([await checkPort({ host, port: settings.port })]);
  await upstream.close();
  return hasFault ? 1 : 0;
}
