import { describe, expect, test } from "vitest";
import {
  type CaseBaseline,
  compareWithBaseline,
  readBaseline,
  updatedCase,
} from "../../../../src/flow/regress/baseline.js";
import { readSuite } from "../../../../src/flow/regress/file.js";
import { updateBaseline } from "../../../../src/flow/regress/update.js";
import { temporaryFolder, writeIn } from "../../../support/folder.js";
import { buildResult } from "../../../support/regress.js";

const suite = (more = "") =>
  readSuite(
    writeIn(
      temporaryFolder(),
      "s.yaml",
      `cases:\n  a: { set: { train.epochs: 3 }, seeds: [1, 2, 3, 4]${more} }\n`,
    ),
  );
const builds = (accuracies: readonly number[]) =>
  accuracies.map((accuracy, i) => buildResult("a", i + 1, { accuracy, gates: 100 }));

describe("a case against its baseline", () => {
  /** What is said when the baseline's seeds came to `before` and now come to `after`. */
  const compare = (before: readonly number[], after: readonly number[], more = "") => {
    const [one] = suite(more).cases;
    const baseline = updatedCase(one!, builds(before), undefined);
    return compareWithBaseline(one!, builds(after), baseline);
  };
  const QUIET = [0.9, 0.9, 0.9, 0.9];

  test("passes as it was", () => expect(compare(QUIET, QUIET)).toEqual({ findings: [], notes: [] }));

  test("may be worse by the tolerance, and fails past it, naming both numbers", () => {
    expect(compare(QUIET, [0.895, 0.8951, 0.8951, 0.9]).findings).toEqual([]);
    expect(compare(QUIET, [0.89, 0.8949, 0.8949, 0.9]).findings).toEqual([
      {
        status: "failed",
        what: "worse than the baseline: accuracy: baseline 90.00%, found 89.49%, tolerance 0.50%",
      },
    ]);
  });

  test("one bad seed of four moves no median", () =>
    expect(compare(QUIET, [0.5, 0.9, 0.9, 0.9]).findings).toEqual([]));

  test("may be worse by seed noise: 2 · s · √(π/2) · √(2/n)", () => {
    const noisy = [0.88, 0.89, 0.91, 0.92];
    // s = 0.018257, so 2 · 0.018257 · 1.25331 · √(2/4) = 0.032360 below a median of 0.9.
    const at = (median: number): number[] => [median, median, median, median];
    expect(compare(noisy, at(0.8677)).findings).toEqual([]);
    expect(compare(noisy, at(0.8676)).findings).toHaveLength(1);
    expect(compare(noisy, at(0.8677), ", tolerance: { noise: 1 }").findings).toHaveLength(1);
    expect(compare(noisy, at(0.8676), ", tolerance: { accuracy: 0.05 }").findings).toEqual([]);
  });

  test("that is better is noted; a size is worse when it is larger", () => {
    expect(compare(QUIET, [0.91, 0.91, 0.91, 0.91])).toEqual({
      findings: [],
      notes: ["better than the baseline: accuracy: baseline 90.00%, found 91.00%, tolerance 0.50%"],
    });
    const [one] = suite().cases;
    const baseline = updatedCase(one!, builds(QUIET), undefined);
    const gates = (n: number) => [1, 2, 3, 4].map((seed) => buildResult("a", seed, { gates: n }));
    expect(compareWithBaseline(one!, gates(102), baseline).findings).toEqual([]);
    expect(compareWithBaseline(one!, gates(103), baseline).findings).toHaveLength(1);
    expect(compareWithBaseline(one!, gates(90), baseline).notes).toHaveLength(1);
  });

  test("compares the seeds that both have", () => {
    const [one] = suite().cases;
    const baseline = updatedCase(one!, builds([0.8, 0.9, 0.9, 0.9]), undefined);
    const only = (accuracy: number) =>
      compareWithBaseline(one!, [buildResult("a", 1, { accuracy })], { ...baseline }).findings;
    expect(only(0.8)).toEqual([]);
    expect(only(0.6)[0]?.what).toContain("baseline 80.00%, found 60.00%");
  });

  test("of another configuration is unknown, without one is noted", () => {
    const baseline = updatedCase(suite().cases[0]!, builds(QUIET), undefined);
    const changed = suite(", base: { train: { batch: 64 } }").cases[0]!;
    expect(compareWithBaseline(changed, builds(QUIET), baseline).findings).toMatchObject([
      { status: "unknown" },
    ]);
    expect(compareWithBaseline(changed, builds(QUIET), undefined)).toMatchObject({ findings: [] });
  });
});

describe("--update-baseline", () => {
  const outcome = (status: "passed" | "failed", accuracy: number) => ({
    exitCode: 0 as const,
    builds: [buildResult("a", 1, { accuracy })],
    cases: [{ case: "a", status, numbers: status, reasons: [], notes: [], metrics: {}, reproduce: "" }],
  });

  test("takes what passed, keeps the other seeds, and lists what changed", () => {
    const before: CaseBaseline = updatedCase(suite().cases[0]!, builds([0.8, 0.9, 0.9, 0.9]), undefined);
    const old = { schema: 1 as const, cases: { a: before, gone: before } };
    const { baseline, changes } = updateBaseline(suite(), outcome("passed", 0.85), old);
    expect(changes).toEqual(["a, seed 1: accuracy 80.00% → 85.00%"]);
    expect(baseline.cases).toEqual({
      a: { ...before, metrics: { ...before.metrics, accuracy: { 1: 0.85, 2: 0.9, 3: 0.9, 4: 0.9 } } },
    });
  });

  test("leaves what did not pass", () => {
    const before = updatedCase(suite().cases[0]!, builds([0.8, 0.9, 0.9, 0.9]), undefined);
    const old = { schema: 1 as const, cases: { a: before } };
    const { baseline, changes } = updateBaseline(suite(), outcome("failed", 0.85), old);
    expect([baseline, changes]).toEqual([old, ["a: did not pass, and keeps the baseline that it had"]]);
  });

  test("a damaged baseline is an error", () => {
    const path = writeIn(temporaryFolder(), "b.json", "{}");
    expect(() => readBaseline(path)).toThrow(/expected a baseline/);
  });
});
