import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["packages/*/src/**/*.test.ts", "test/**/*.test.ts"],
    // `npm run test:slow` draws very many examples.
    testTimeout: process.env["CLEFT_TESTS"] === "slow" ? 900_000 : 60_000,
    hookTimeout: 60_000,
    // Two cores: stories start whole processes of their own.
    maxWorkers: 2,
  },
});
