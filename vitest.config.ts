import { defineConfig } from "vitest/config";

/** `slow` sweeps run by `npm run test:slow`, everything else by `npm test`. */
export default defineConfig({
  test: {
    include: ["packages/*/src/**/*.test.ts", "test/**/*.test.ts"],
    exclude: process.env["CLEFT_TESTS"] === "slow" ? [] : ["**/*.slow.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two cores: stories start whole processes of their own.
    maxWorkers: 2,
  },
});
