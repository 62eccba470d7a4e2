import type { MetricValues } from "../../src/flow/regress/metrics.js";
import type { BuildResult } from "../../src/flow/regress/results.js";

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
