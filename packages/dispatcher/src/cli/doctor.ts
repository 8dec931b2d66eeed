import { type Finding, findingLines, verdictOn } from "@cleft/protocol/doctor.ts";
import { checkCall, checkPort, checkWay } from "./checks.ts";
import { serverSettingsOf, wayOf } from "./config.ts";
import type { Arguments } from "./flags.ts";
import { openUpstream } from "./open-upstream.ts";
import type { Powers } from "./powers.ts";

/**
 * `cleft-dispatcher doctor`: tries the way to the signer step by step and says each finding at once;
 * the exit code is 1 if one has to be mended. @throws Failure `usage`
 */
export async function doctor(args: Arguments, { print, program, stop }: Powers): Promise<0 | 1> {
  const [settings, way] = [serverSettingsOf(args), wayOf(args)];
  const found: Finding[] = [];
  const say = (...findings: readonly Finding[]) => {
    found.push(...findings);
    for (const line of findings.flatMap(findingLines)) print.result(line);
  };
  const upstream = await openUpstream(way, print);
  say(...(await checkWay(way, program)));
  say(await checkCall(upstream, stop));
  for (const host of settings.addresses) say(await checkPort({ host, port: settings.port }));
  await upstream.close();
  const verdict = verdictOn(found);
  if (verdict === undefined) return 0;
  print.info(verdict);
  return 1;
}
