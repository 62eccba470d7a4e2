import { columns } from "../../report/columns.js";
import { junitXml, type TestCase } from "../../report/junit.js";
import { METRIC_NAMES, METRICS, type MetricValues } from "./metrics.js";
import type { Outcome } from "./regress.js";
import type { BuildResult, CaseResult, Status } from "./results.js";

const OUTCOMES: Readonly<Record<Status, TestCase["outcome"]>> = {
  passed: "passed",
  failed: "failure",
  broken: "error",
  unknown: "error",
  "not run": "skipped",
};

/** A test for each build, and one for the numbers of each case. */
export function suiteJunit(suite: string, { cases, builds }: Outcome): string {
  return junitXml(
    suite,
    cases.flatMap((one) => [
      ...builds.filter((build) => build.case === one.case).map(buildTest),
      caseTest(one),
    ]),
  );
}

const buildTest = (build: BuildResult): TestCase => ({
  group: build.case,
  name: `seed ${build.seed}`,
  seconds: build.seconds,
  outcome: OUTCOMES[build.status],
  message: build.reasons[0] ?? "something else failed first",
  details: buildDetails(build),
});

const caseTest = ({ case: group, reasons, notes, reproduce, numbers }: CaseResult): TestCase => ({
  group,
  name: "numbers (median over the seeds)",
  seconds: 0,
  outcome: OUTCOMES[numbers],
  message: reasons[0] ?? "a build did not run",
  details: [...reasons, ...notes, `reproduce: ${reproduce}`].join("\n"),
});

function buildDetails({ reasons, log, waves, reproduce, tail }: BuildResult): string {
  const lines = [
    ...reasons,
    `log: ${log}`,
    ...waves.map((file) => `waves: ${file}`),
    `reproduce: ${reproduce}`,
  ];
  return `${lines.join("\n")}\n\n${tail}`;
}

/** The cases as a table, then what there is to say about each that did not pass. */
export function suiteTable({ cases, builds }: Outcome): string {
  const shown = METRIC_NAMES.filter((name) => cases.some(({ metrics }) => metrics[name] !== undefined));
  const header = ["", "case", "builds", ...shown, "seconds", "MB"];
  const rows = cases.map((one) => {
    const own = builds.filter((build) => build.case === one.case);
    const passed = own.filter(({ status }) => status === "passed").length;
    const most = Math.max(...own.map(({ megabytes }) => megabytes ?? 0));
    return [
      one.status,
      one.case,
      `${passed}/${own.length}`,
      ...metricCells(one.metrics, shown),
      Math.max(...own.map(({ seconds }) => seconds)).toFixed(1),
      most === 0 ? "" : String(most),
    ];
  });
  const parts = cases.flatMap((one) => caseText(one, builds));
  return `${[columns([header, ...rows]), ...parts].join("\n\n")}\n`;
}

const metricCells = (values: MetricValues, names: readonly (keyof typeof METRICS)[]): string[] =>
  names.map((name) => (values[name] === undefined ? "" : METRICS[name].format(values[name])));

function caseText(one: CaseResult, builds: readonly BuildResult[]): string[] {
  const failing = builds.filter(({ case: name, reasons }) => name === one.case && reasons.length > 0);
  const numbers = [...one.reasons, ...one.notes.map((note) => `note: ${note}`)];
  if (one.reasons.length > 0) numbers.push(`reproduce: ${one.reproduce}`);
  const texts = failing.map(
    (build) => `${build.case}, seed ${build.seed}: ${build.status}\n${indented(buildDetails(build))}`,
  );
  return numbers.length === 0 ? texts : [...texts, `${one.case}\n${indented(numbers.join("\n"))}`];
}

const indented = (text: string): string =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => `  ${line}`.trimEnd())
    .join("\n");
