import { type Baseline, type CaseBaseline, updatedCase } from "./baseline.js";
import type { Suite } from "./file.js";
import { METRIC_NAMES, METRICS } from "./metrics.js";
import type { Outcome } from "./regress.js";

/**
 * The baseline that a run calls for. Cases that did not pass, or were not run, keep what they had; those that are no
 * longer in the suite go.
 *
 * @returns also a line for every number that changed.
 */
export function updateBaseline(
  { cases }: Suite,
  outcome: Outcome,
  old: Baseline,
): { baseline: Baseline; changes: string[] } {
  const changes: string[] = [];
  const entries = cases.flatMap((one): [string, CaseBaseline][] => {
    const before = old.cases[one.name];
    const passed = outcome.cases.find(({ case: name }) => name === one.name)?.status === "passed";
    if (!passed) {
      if (outcome.cases.some(({ case: name }) => name === one.name))
        changes.push(`${one.name}: did not pass, and keeps the baseline that it had`);
      return before === undefined ? [] : [[one.name, before]];
    }
    const builds = outcome.builds.filter((build) => build.case === one.name);
    const after = updatedCase(one, builds, before);
    changes.push(...differences(one.name, before, after));
    return [[one.name, after]];
  });
  return { baseline: { schema: 1, cases: Object.fromEntries(entries) }, changes };
}

function differences(name: string, before: CaseBaseline | undefined, after: CaseBaseline): string[] {
  const moved = before !== undefined && before.configuration !== after.configuration;
  const numbers = METRIC_NAMES.flatMap((metric) =>
    Object.entries(after.metrics[metric] ?? {}).flatMap(([seed, value]) => {
      const was = before?.metrics[metric]?.[seed];
      const { format } = METRICS[metric];
      const change = `${was === undefined ? "new" : format(was)} → ${format(value)}`;
      return was === value ? [] : [`${name}, seed ${seed}: ${metric} ${change}`];
    }),
  );
  return [...(moved ? [`${name}: of another configuration than before`] : []), ...numbers];
}
