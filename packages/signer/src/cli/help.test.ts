import { expect, test } from "vitest";
import { flagLines } from "./help.ts";
import { parseArguments } from "./parse-arguments.ts";

test("flagLines() says of every flag what it does and what it is by default", () => {
  const lines = flagLines();
  expect(lines.find((line) => line.includes("--http.port"))).toBe(
    "   --http.port value        port that HTTP listens on (default: 8550)",
  );
  expect(lines.find((line) => line.includes("--nousb"))).toContain("(no effect yet)");
  const global = lines.filter((line) => !line.endsWith("(audit show)"));
  expect(global.every((line) => parseArguments([`${/--[^ ]+/.exec(line)?.[0]}=1`]))).toBe(true);
});
