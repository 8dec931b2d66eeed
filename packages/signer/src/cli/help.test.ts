import { expect, test } from "vitest";
import { flagLines } from "./help.ts";
import { parseArguments } from "./parse-arguments.ts";
import { flagTable } from "./settings.ts";

test("flagLines() says of every flag what it does and what it is by default", () => {
  const lines = flagLines();
  expect(lines.find((line) => line.includes("--http.port"))).toBe(
    "   --http.port value        port that HTTP listens on (default: 8550)",
  );
  expect(lines.find((line) => line.includes("--nousb"))).toContain("(no effect yet)");
  const global = Object.entries(flagTable).filter(([, { only }]) => only === undefined);
  expect(global.every(([name]) => parseArguments([`--${name}=1`]))).toBe(true);
});
