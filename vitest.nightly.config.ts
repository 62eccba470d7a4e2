import { defineConfig } from "vitest/config";

/** What is too long for every change: every test with many more seeds (`DBNC_NIGHTLY_SEEDS`), and real data. */
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 3_600_000,
    hookTimeout: 120_000,
    pool: "forks",
    // One a core, where vitest would leave a core free: tests mostly wait for the programs that they start.
    maxWorkers: "100%",
  },
});
