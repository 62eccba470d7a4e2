import { median } from "../median.js";
import { type CaseBaseline, compareWithBaseline } from "./baseline.js";
import type { Case } from "./file.js";
import { METRIC_NAMES, METRICS, type MetricValues, shortfall } from "./metrics.js";
import { type BuildResult, type CaseResult, type Finding, worstStatus } from "./results.js";

/**
 * What came of a case: its builds, their medians against what the suite expects, and against the baseline.
 *
 * @param baseline null to leave it out.
 */
export function judgeCase(
  of: Case,
  builds: readonly BuildResult[],
  baseline: { readonly of: CaseBaseline | undefined } | null,
  reproduce: string,
): CaseResult {
  const metrics = mediansOf(builds);
  const compared =
    baseline === null ? { findings: [], notes: [] } : compareWithBaseline(of, builds, baseline.of);
  const ended = builds.every(({ status }) => status !== "not run");
  const findings = ended ? [...expectationFindings(of, metrics), ...compared.findings] : [];
  return {
    case: of.name,
    status: worstStatus([...builds, ...findings].map(({ status }) => status)),
    numbers: ended ? worstStatus(findings.map(({ status }) => status)) : "not run",
    reasons: findings.map(({ what }) => what),
    notes: compared.notes,
    metrics,
    reproduce,
  };
}

function mediansOf(builds: readonly BuildResult[]): MetricValues {
  const medians = METRIC_NAMES.map((name) => {
    const values = builds.flatMap(({ metrics }) => metrics[name] ?? []);
    return [name, values.length === 0 ? undefined : median(values)] as const;
  });
  return Object.fromEntries(medians.filter(([, value]) => value !== undefined));
}

function expectationFindings({ expect }: Case, medians: MetricValues): Finding[] {
  return METRIC_NAMES.flatMap((name): Finding[] => {
    const [wanted, found] = [expect.metrics[name], medians[name]];
    if (wanted === undefined) return [];
    const { better, format } = METRICS[name];
    const bound = `${name}: expected ${better === "higher" ? "at least" : "at most"} ${format(wanted)}`;
    if (found === undefined) return [{ status: "unknown", what: `${bound} but no build says` }];
    if (shortfall(name, found, wanted) <= 0) return [];
    return [{ status: "failed", what: `${bound} but found ${format(found)} (median)` }];
  });
}
