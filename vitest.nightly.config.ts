import { defineConfig } from "vitest/config";

/** What is too long for every change: the properties over many more seeds (`DBNC_NIGHTLY_SEEDS`), and real data. */
export default defineConfig({
  test: {
    include: [
      "test/nightly/**/*.test.ts",
      "test/compiler/**/*.test.ts",
      "test/sat/**/*.test.ts",
      "test/src/train/**/*.test.ts",
    ],
    testTimeout: 3_600_000,
    hookTimeout: 120_000,
    pool: "forks",
  },
});
