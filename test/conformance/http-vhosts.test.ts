import { hasShared } from "../support/shared.ts";
import { readGolden } from "./golden.ts";
import { replayHttp } from "./http-replay.ts";
import { describeRecordings } from "./suite.ts";

for (const [name, vhosts] of [
  ["custom", "clef.local, other"],
  ["star", "*"],
  ["empty", ""],
] as const) {
  const file = `http-vhosts-${name}.json`;
  describeRecordings({
    file,
    cases: hasShared ? readGolden(file) : [],
    args: ["--http.vhosts", vhosts],
    replay: replayHttp,
  });
}
