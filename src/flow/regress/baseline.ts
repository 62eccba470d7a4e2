import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import { UserError } from "../../../base/errors.js";
import { sha256, stableJson } from "../files.js";
import { median } from "../median.js";
import type { Case } from "./file.js";
import { METRIC_NAMES, METRICS, type MetricName, shortfall } from "./metrics.js";
import type { BuildResult, Finding } from "./results.js";

const CaseBaseline = z.strictObject({
  /** SHA-256 of what the suite says about the case's configuration: numbers of another one say nothing. */
  configuration: z.string(),
  /** Metric to seed to value. */
  metrics: z.partialRecord(z.enum(METRIC_NAMES), z.record(z.string(), z.number())),
});
export type CaseBaseline = z.infer<typeof CaseBaseline>;

/** The baseline file: what the cases of a suite came to when somebody last looked (docs/formats/suite.md). */
const BaselineSchema = z.strictObject({ schema: z.literal(1), cases: z.record(z.string(), CaseBaseline) });
export type Baseline = z.infer<typeof BaselineSchema>;

/** An empty one when there is no file. @throws {UserError} if the file is damaged. */
export function readBaseline(path: string): Baseline {
  if (!existsSync(path)) return { schema: 1, cases: {} };
  try {
    return BaselineSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    throw new UserError(
      "baseline/damaged",
      `${path}: expected a baseline but found something else`,
      "dbnc regress --update-baseline writes it anew once the file is gone",
    );
  }
}

/** Same values, same bytes, a line a value: made to be reviewed as a difference. */
export function baselineText({ cases }: Baseline): string {
  const sorted = Object.fromEntries(Object.entries(cases).sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify({ schema: 1, cases: sorted }, null, 2)}\n`;
}

/** The last stage is left out: where it is the default, it changes as stages are added. */
const configurationOf = ({ base, set }: Case): string => sha256(stableJson({ base, set })).slice(0, 16);

/** What the builds of a case came to, as its new baseline; seeds that were not built keep their old values. */
export function updatedCase(
  of: Case,
  builds: readonly BuildResult[],
  old: CaseBaseline | undefined,
): CaseBaseline {
  const configuration = configurationOf(of);
  const kept = old?.configuration === configuration ? old.metrics : {};
  const metrics: CaseBaseline["metrics"] = {};
  for (const name of METRIC_NAMES) {
    const seeds = of.seeds.map(String);
    const found = builds.flatMap(({ seed, metrics: m }) =>
      m[name] === undefined ? [] : [[`${seed}`, m[name]]],
    );
    const values: Record<string, number> = { ...kept[name], ...Object.fromEntries(found) };
    const own = Object.entries(values).filter(([seed]) => seeds.includes(seed));
    if (own.length > 0) metrics[name] = Object.fromEntries(own);
  }
  return { configuration, metrics };
}

/** Standard error of a median, in standard errors of the mean (normal noise, many samples). */
const MEDIAN_EFFICIENCY = Math.sqrt(Math.PI / 2);

/**
 * Compare a case with its baseline, metric by metric: the median over the seeds that both have may be worse by the
 * tolerance, or by `noise` standard errors of the difference of two such medians as the baseline's seeds scatter,
 * whichever is more.
 */
export function compareWithBaseline(
  of: Case,
  builds: readonly BuildResult[],
  baseline: CaseBaseline | undefined,
): { findings: Finding[]; notes: string[] } {
  if (baseline === undefined) return { findings: [], notes: ["no baseline yet (--update-baseline)"] };
  if (baseline.configuration !== configurationOf(of)) {
    const what = "the baseline is of another configuration: look at the numbers, then --update-baseline";
    return { findings: [{ status: "unknown", what }], notes: [] };
  }
  const [findings, notes]: [Finding[], string[]] = [[], []];
  for (const name of METRIC_NAMES) {
    const before = baseline.metrics[name];
    if (before === undefined) continue;
    const pairs = builds.flatMap(({ seed, metrics }) =>
      metrics[name] === undefined || before[seed] === undefined
        ? []
        : [[metrics[name], before[seed]] as const],
    );
    if (pairs.length === 0) continue;
    const [now, then] = [median(pairs.map(([value]) => value)), median(pairs.map(([, value]) => value))];
    const allowed = allowedShortfall(of, name, then, Object.values(before), pairs.length);
    const { format } = METRICS[name];
    const difference = `${name}: baseline ${format(then)}, found ${format(now)}, tolerance ${format(allowed)}`;
    if (shortfall(name, now, then) > allowed)
      findings.push({ status: "failed", what: `worse than the baseline: ${difference}` });
    else if (shortfall(name, now, then) < -allowed) notes.push(`better than the baseline: ${difference}`);
  }
  return { findings, notes };
}

function allowedShortfall(
  { tolerance }: Case,
  name: MetricName,
  reference: number,
  values: readonly number[],
  seeds: number,
): number {
  const floor = tolerance[name] * (METRICS[name].relative ? reference : 1);
  return Math.max(floor, tolerance.noise * MEDIAN_EFFICIENCY * deviation(values) * Math.sqrt(2 / seeds));
}

/** Sample standard deviation; 0 of fewer than two values. */
function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = values.reduce((a, b) => a + b) / values.length;
  return Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1));
}
