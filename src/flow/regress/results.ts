import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import { ExitCode, UserError } from "../../../base/errors.js";
import { METRIC_NAMES } from "./metrics.js";

/** From the worst on: several at once count as the first of them. */
const STATUSES = ["failed", "broken", "unknown", "not run", "passed"] as const;
/**
 * How a build or a case ended. Failed: something does not hold. Broken: a tool is missing or broke, or the machine lost
 * it. Unknown: a budget ran out, or there was nothing to judge by. Not run: something else failed first.
 */
export const Status = z.enum(STATUSES);
export type Status = z.infer<typeof Status>;

/** One thing that does not hold. */
export interface Finding {
  readonly status: Status;
  readonly what: string;
}

export const worstStatus = (statuses: readonly Status[]): Status =>
  STATUSES.find((status) => statuses.includes(status)) ?? "passed";

const EXIT_CODES: Readonly<Record<Status, ExitCode>> = {
  failed: ExitCode.refuted,
  broken: ExitCode.toolMissing,
  unknown: ExitCode.unknown,
  "not run": ExitCode.unknown,
  passed: ExitCode.ok,
};

/** The exit code of a suite: 2 before 4 before 3. */
export const exitCodeOf = (statuses: readonly Status[]): ExitCode => EXIT_CODES[worstStatus(statuses)];

const values = z.partialRecord(z.enum(METRIC_NAMES), z.number());

const BuildResult = z.strictObject({
  case: z.string(),
  seed: z.int(),
  status: Status,
  /** What does not hold, and where. */
  reasons: z.array(z.string()),
  metrics: values,
  seconds: z.number(),
  /** Most memory at one time (MB); null where that is not known. */
  megabytes: z.number().nullable(),
  attempts: z.int(),
  /** Of its `dbnc build`; null when it was killed or did not run. */
  exitCode: z.int().nullable(),
  log: z.string(),
  /** The end of the log, if it did not pass. */
  tail: z.string(),
  /** Waveforms of failing simulations. */
  waves: z.array(z.string()),
  /** The command that does it again. */
  reproduce: z.string(),
});
export type BuildResult = z.infer<typeof BuildResult>;

const CaseResult = z.strictObject({
  case: z.string(),
  /** The worst of its builds and of its numbers. */
  status: Status,
  /** Of its numbers alone. */
  numbers: Status,
  /** What does not hold of its numbers. */
  reasons: z.array(z.string()),
  /** What is better than the baseline, or cannot be compared with it. */
  notes: z.array(z.string()),
  /** Medians over the seeds. */
  metrics: values,
  reproduce: z.string(),
});
export type CaseResult = z.infer<typeof CaseResult>;

/** `results.json` (docs/formats/suite.md). */
const ResultsSchema = z.strictObject({
  schema: z.literal(1),
  suite: z.string(),
  exitCode: z.int(),
  cases: z.array(CaseResult),
  builds: z.array(BuildResult),
});
export type Results = z.infer<typeof ResultsSchema>;

/** Results of an earlier run; null when there are none. @throws {UserError} if the file is damaged. */
export function readResults(path: string): Results | null {
  if (!existsSync(path)) return null;
  try {
    return ResultsSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    throw new UserError(
      "regress/results",
      `${path}: expected the results of an earlier run but found something else`,
      "remove it, and run the suite without --rerun-failed",
    );
  }
}
