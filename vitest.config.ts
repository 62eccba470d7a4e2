import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/nightly/**"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: "forks",
    // One a core, where vitest would leave a core free: tests mostly wait for the programs that they start.
    maxWorkers: "100%",
  },
});
