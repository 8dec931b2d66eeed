import { hasShared } from "../support/shared.ts";
import { readGolden } from "./golden.ts";
import { replayHttp } from "./http-replay.ts";
import { describeRecordings } from "./suite.ts";

const file = "http-transport-default.json";

describeRecordings({
  file,
  cases: hasShared ? readGolden(file) : [],
  replay: replayHttp,
});
