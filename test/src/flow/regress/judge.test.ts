import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { TaskEnd } from "../../../../src/flow/launch.js";
import { updatedCase } from "../../../../src/flow/regress/baseline.js";
import { type Build, buildsOf } from "../../../../src/flow/regress/builds.js";
import { readSuite } from "../../../../src/flow/regress/file.js";
import { judgeBuild } from "../../../../src/flow/regress/judge-build.js";
import { judgeCase } from "../../../../src/flow/regress/judge-case.js";
import { metricsOf, shortfall } from "../../../../src/flow/regress/metrics.js";
import { exitCodeOf, worstStatus } from "../../../../src/flow/regress/results.js";
import { emptyReport, type Report } from "../../../../src/report/schema.js";
import { temporaryFolder, writeIn } from "../../../support/folder.js";
import { BITSTREAM, buildResult, SYNTHESIS } from "../../../support/regress.js";

const cost = (core: number) => ({ encoder: 10, core, readout: 5 });
const simulation = (engine: "netlist" | "icarus", mismatches: number) => ({
  engine,
  samples: 50,
  mismatches,
  verdict: mismatches === 0 ? ("agreed" as const) : ("refuted" as const),
  reason: "",
});
/** The report of a build in which everything holds. */
const whole = (): Report => {
  const report = emptyReport("a-s1", 1);
  return {
    ...report,
    accuracy: { validation: 0.91, test: 0.9, testSoft: null },
    gates: { trained: 60, shared: 60, frozen: 50, final: 40 },
    luts: { lut4: cost(30), lut6: cost(20) },
    verification: {
      ...report.verification,
      freeze: "proved",
      passes: "proved",
      design: "proved",
      rtl: "proved",
      simulations: [simulation("netlist", 0)],
    },
  };
};

test("metrics are those of what is emitted: after pruning, all parts together, the median Fmax", () => {
  expect(metricsOf(emptyReport("a", 1))).toEqual({});
  const report = { ...whole(), bitstream: BITSTREAM };
  const plain = { accuracy: 0.9, validation: 0.91, gates: 40, lut4: 45, lut6: 35 };
  expect(metricsOf(report)).toEqual({ ...plain, fmax: 21.5 });
  expect(metricsOf({ ...report, bitstream: { ...BITSTREAM, fmax: null } })).toEqual(plain);
  // Larger is better of a frequency and an accuracy, smaller of a size.
  expect([shortfall("fmax", 20, 21), shortfall("accuracy", 0.9, 0.8), shortfall("gates", 41, 40)]).toEqual([
    1,
    expect.closeTo(-0.1),
    1,
  ]);
});

describe("a case", () => {
  const judged = (expected: string, values: readonly number[], baseline?: number) => {
    const suite = `cases: { a: { seeds: [1, 2, 3], expect: ${expected} } }`;
    const [of] = readSuite(writeIn(temporaryFolder(), "s.yaml", suite)).cases;
    const results = (fmax: readonly number[]) => fmax.map((mhz, i) => buildResult("a", i + 1, { fmax: mhz }));
    const before = baseline === undefined ? null : { of: updatedCase(of!, results([baseline]), undefined) };
    return judgeCase(of!, results(values), before, "again");
  };
  test("is held to what is expected by the median over its seeds", () => {
    expect(judged("{ fmax: 20 }", [10, 20, 30])).toMatchObject({ status: "passed", reasons: [] });
    expect(judged("{ fmax: 20.5 }", [10, 20, 30])).toMatchObject({
      status: "failed",
      reasons: ["fmax: expected at least 20.5 but found 20 (median)"],
      metrics: { fmax: 20 },
    });
    expect(judged("{ gates: 9 }", [10])).toMatchObject({
      status: "unknown",
      reasons: ["gates: expected at most 9 but no build says"],
    });
  });
  test("is held to the baseline as well: a frequency may be 5% lower", () => {
    expect(judged("{}", [19], 20)).toMatchObject({ status: "passed" });
    expect(judged("{}", [18.9], 20)).toMatchObject({
      status: "failed",
      reasons: ["worse than the baseline: fmax: baseline 20, found 18.9, tolerance 1"],
    });
  });
});

describe("a build", () => {
  const END: TaskEnd = {
    id: "a-s1",
    exitCode: 0,
    killer: null,
    stopped: null,
    errors: "",
    seconds: 2.04,
    megabytes: 300,
    attempts: 1,
  };
  const judged = (report: Report | null, end: Partial<TaskEnd> = {}, more = "until: verify") => {
    const folder = temporaryFolder();
    const suite = writeIn(
      folder,
      "s.yaml",
      `cases: { a: { limits: { seconds: 9, megabytes: 500 }, ${more} } }`,
    );
    const build: Build = buildsOf(readSuite(suite), folder)[0]!;
    if (report !== null) writeIn(build.path, "report.json", JSON.stringify(report));
    writeIn(folder, "logs/a-s1.log", Array.from({ length: 30 }, (_, i) => `line ${i}`).join("\n"));
    writeIn(build.path, "waves/icarus.vcd", "");
    return { ...judgeBuild(build, { ...END, ...end }, folder), folder };
  };
  const TARGET = "until: synth, set: { hardware.target: 'ice40:up5k' }";
  const verification = (change: Partial<Report["verification"]>): Report => {
    const report = whole();
    return { ...report, verification: { ...report.verification, ...change } };
  };

  test("that holds passes, with its numbers and without its log", () => {
    expect(judged(whole())).toMatchObject({
      status: "passed",
      reasons: [],
      metrics: { accuracy: 0.9, gates: 40 },
      seconds: 2,
      tail: "",
    });
  });
  test("that does not shows the end of its log, its waves, and the command that does it again", () => {
    const { folder, ...found } = judged(verification({ design: "refuted" }), { exitCode: 2 });
    expect(found.tail.split("\n")).toHaveLength(20);
    expect(found.tail).toMatch(/line 29$/);
    expect(found.waves).toEqual([join(folder, "a-s1/waves/icarus.vcd")]);
    expect(found.reproduce).toBe(
      `dbnc build --config ${folder}/a-s1/dbnc.yaml --out ${folder} --until verify --force`,
    );
  });

  const simulations = [simulation("netlist", 0), simulation("icarus", 3)];
  test.each<[string, Report | null, Partial<TaskEnd>, string, RegExp]>([
    [
      "a refuted check",
      verification({ rtl: "refuted" }),
      { exitCode: 2 },
      "failed",
      /^design = Verilog: expected proved but found refuted/,
    ],
    [
      "a check that agreed only",
      verification({ design: "agreed" }),
      {},
      "failed",
      /^model = design: expected proved but found agreed/,
    ],
    ["a check without a verdict", verification({ freeze: null }), {}, "failed", /no verdict/],
    ["a check that gave up", verification({ passes: "unknown" }), { exitCode: 3 }, "unknown", /^passes: /],
    [
      "a mismatch",
      verification({ simulations }),
      { exitCode: 2 },
      "failed",
      /icarus, 3 of 50 samples\)\nmismatches: expected at most 0 but found 3$/,
    ],
    ["an exit code that no check explains", whole(), { exitCode: 2, errors: "dbnc: why" }, "failed", /^why$/],
    ["no report", null, {}, "failed", /expected a report\.json/],
    ["a report of another build", { ...whole(), seed: 2 }, {}, "failed", /expected a report\.json/],
    [
      "an error",
      null,
      { exitCode: 1, errors: "dbnc: error [a/b]: wrong\n  hint: mend" },
      "failed",
      /^error \[a\/b\]: wrong$/,
    ],
    ["a missing tool", null, { exitCode: 4, errors: "dbnc: none" }, "broken", /^none$/],
    [
      "the time limit",
      verification({ design: null, rtl: null }),
      { exitCode: null, stopped: "time" },
      "failed",
      /^time: expected at most 9 s but it went on, and was stopped$/,
    ],
    [
      "the memory limit",
      whole(),
      { exitCode: null, stopped: "memory", megabytes: 600 },
      "failed",
      /^memory: expected at most 500 MB but found 600/,
    ],
    [
      "memory that nobody measured",
      whole(),
      { megabytes: null },
      "unknown",
      /^memory: this system does not tell/,
    ],
    ["a crash", null, { exitCode: null, killer: "SIGSEGV" }, "failed", /^dbnc crashed: killed by SIGSEGV$/],
    [
      "a lost machine",
      null,
      { exitCode: null, killer: null, attempts: 2, errors: "gone" },
      "broken",
      /^lost by the machine it ran on \(2 times\): gone$/,
    ],
  ])("with %s", (_what, report, end, status, reason) => {
    const found = judged(report, end);
    expect([found.status, found.reasons.join("\n")]).toEqual([status, expect.stringMatching(reason)]);
  });

  test("for a target is held to both simulations of its netlist", () => {
    const of = (change: Partial<typeof SYNTHESIS>) =>
      judged({ ...whole(), synthesis: { ...SYNTHESIS, ...change } }, {}, TARGET).reasons;
    expect(of({})).toEqual([]);
    const bad = simulation("icarus", 3);
    for (const change of [{ simulation: bad }, { testSet: bad }])
      expect(of(change)).toEqual([
        expect.stringMatching(/^synthesised netlist: .*simulated: refuted\)$/),
        "mismatches: expected at most 0 but found 3",
      ]);
  });

  test("for a board is held to all that is known of its bitstream", () => {
    const report = { ...whole(), synthesis: SYNTHESIS };
    const board = "until: bitstream, set: { hardware.board: icebreaker, hardware.interface: uart }";
    const of = (change: Partial<typeof BITSTREAM>) =>
      judged({ ...report, bitstream: { ...BITSTREAM, ...change } }, {}, board).reasons;
    expect(of({})).toEqual([]);
    expect(of({ equivalence: "skipped" })).toEqual([]);
    expect(of({ timing: "refuted" })).toEqual([expect.stringContaining("timing: refuted")]);
    expect(of({ equivalence: "refuted" })).toEqual([expect.stringContaining("equivalence: refuted")]);
    expect(of({ testSet: simulation("netlist", 2) })).toEqual([
      expect.stringContaining("test set: refuted"),
      "mismatches: expected at most 0 but found 2",
    ]);
  });

  test("is not held to stages past its last", () => {
    const early = verification({ design: null, rtl: null, simulations: null });
    expect(judged(early, {}, "until: optimize").status).toBe("passed");
    expect(judged(early).status).toBe("failed");
  });
});

test("several at once: failed before broken before unknown, and their exit codes", () => {
  expect(worstStatus(["passed", "unknown", "broken"])).toBe("broken");
  expect(
    [["failed", "broken"], ["broken", "unknown"], ["not run"], ["passed"], []].map((all) =>
      exitCodeOf(all as Parameters<typeof exitCodeOf>[0]),
    ),
  ).toEqual([2, 4, 3, 0, 0]);
});
