import { hasShared } from "../support/shared.ts";
import { readGolden } from "./golden.ts";
import { replayHttp } from "./http-replay.ts";
import { describeRecordings } from "./suite.ts";

const file = "http-transport-default.json";

/** Cases that sign data, which is not there yet. */
const later = new Set(["batch_two_signs"]);

describeRecordings({
  file,
  cases: hasShared ? readGolden(file) : [],
  later: hasShared ? later : new Set(),
  replay: replayHttp,
});
