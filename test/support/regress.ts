import type { MetricValues } from "../../src/flow/regress/metrics.js";
import type { BuildResult } from "../../src/flow/regress/results.js";
import type { Report } from "../../src/report/schema.js";

/** What the report of a build for a board says of its bitstream. */
export const BITSTREAM: NonNullable<Report["bitstream"]> = {
  board: "icebreaker",
  file: "bitstream/a.bin",
  bytes: 104_090,
  logicCells: { used: 2590, available: 5280 },
  clock: 12,
  fmax: 21.5,
  seeds: [{ seed: 1, fmax: 21.5 }],
  seed: 1,
  timing: "agreed",
  unpacked: "agreed",
  equivalence: "proved",
  how: "register by register",
  testSet: null,
};

/** What it says of its synthesised netlist. */
export const SYNTHESIS: NonNullable<Report["synthesis"]> = {
  target: "ice40:up5k",
  top: "a_top",
  handover: "luts",
  resources: {
    luts: 200,
    lutSizes: [0, 0, 50, 50, 100],
    carries: 0,
    muxes: 0,
    flipFlops: 0,
    memories: 0,
    multipliers: 0,
    logicCells: 210,
    cells: { SB_LUT4: 200 },
  },
  tried: [{ handover: "luts", luts: 200 }],
  fits: true,
  verdict: "proved",
  how: "by parts",
  testSet: null,
  simulation: { engine: "icarus", samples: 50, mismatches: 0, verdict: "agreed", reason: "" },
};

/** A build that passed with some numbers. */
export const buildResult = (name: string, seed: number, metrics: MetricValues): BuildResult => ({
  case: name,
  seed,
  status: "passed",
  reasons: [],
  metrics,
  seconds: 1,
  megabytes: 100,
  attempts: 1,
  exitCode: 0,
  log: "x.log",
  tail: "",
  waves: [],
  reproduce: "dbnc build",
});
