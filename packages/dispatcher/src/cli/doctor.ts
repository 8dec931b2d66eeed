import { countWrong, findingLine } from "@cleft/protocol/doctor.ts";
import { type Checked, checkCall, checkPort, checkWay } from "./checks.ts";
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
  const found: Checked[] = [];
  const say = (...checked: readonly Checked[]) => {
    found.push(...checked);
    for (const one of checked) print.result(findingLine(words, one.state, textOf(one)));
  };
  const upstream = await openUpstream(way, print);
  say(...(await checkWay(way)));
  say(await checkCall(upstream, stop));
  for (const host of settings.addresses) say(await checkPort({ host, port: settings.port }));
  await upstream.close();
  return countWrong(found) > 0 ? 1 : 0;
}

const words = { ok: "ok", warn: "note", wrong: "fault" };

function textOf({ check, what, hint, detail = "" }: Checked): string {
  const advice = hint === undefined ? "" : ` (${hint})`;
  return `${check.padEnd(14)}  ${what}${advice}${detail}`;
}
