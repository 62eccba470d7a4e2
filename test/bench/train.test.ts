import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { temporaryFolder } from "../support/folder.js";

const MAIN = fileURLToPath(new URL("../../dist/bench/train/main.js", import.meta.url));
const bench = (...args: string[]) => spawnSync(process.execPath, [MAIN, ...args], { encoding: "utf8" });

test("bench:train measures each contender in a process of its own and writes table and JSON", () => {
  const json = join(temporaryFolder(), "out.json");
  const { status, stdout, stderr } = bench(
    ...["--cases", "tiny", "--contenders", "wasm-1,plain,plain-soft", "--seconds", "0.1", "--json", json],
  );
  expect(status, stderr).toBe(0);
  const rows = JSON.parse(readFileSync(json, "utf8"));
  // Soft mode is for fixed wiring only.
  expect(rows.map(({ contender }: { contender: string }) => contender)).toEqual(["wasm-1", "plain"]);
  for (const { measurement, failure } of rows) {
    expect(failure).toBeNull();
    expect(measurement.steps).toBeGreaterThanOrEqual(3);
    expect(measurement.wallSeconds).toBeGreaterThan(0);
    expect(measurement.cpuSeconds).toBeGreaterThan(0);
    expect(measurement.peakBytes).toBeGreaterThan(20 * 2 ** 20);
  }
  expect(stdout).toMatch(/dbnc's kernels, 1 thread +hard +[\d,]+ +[\d,]+ +[\d.]+ +[\d,]+ +1\.0\n/);
  expect(stdout).toMatch(/plain TypeScript +hard +[\d,]+ +[\d,]+ +[\d.]+ +[\d,]+ +[\d.]+\n/);
});

test("bench:train refuses a name that it does not know, and gives up what takes too long", () => {
  const unknown = bench("--cases", "huge");
  expect([unknown.status, unknown.stderr]).toEqual([1, expect.stringContaining('but found "huge"')]);
  const late = bench("--cases", "tiny", "--contenders", "plain", "--seconds", "30", "--timeout", "1");
  expect([late.status, late.stdout]).toEqual([
    0,
    expect.stringMatching(/plain TypeScript +hard +given up: SIGTERM/),
  ]);
});
