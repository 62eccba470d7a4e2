import { percent } from "../../../base/format.js";
import type { Report } from "../../report/schema.js";

/** A number of a report that a suite holds builds to. */
export interface Metric {
  /** What it is, in one line. */
  readonly meaning: string;
  readonly better: "higher" | "lower";
  /** Whether a tolerance is a share of the baseline, or in the metric's own unit. */
  readonly relative: boolean;
  /** By how much it may be worse than the baseline when the suite does not say. */
  readonly tolerance: number;
  /** Null where the build did not get so far as to know. */
  of(report: Report): number | null;
  format(value: number): string;
}

const count = (n: number): string => n.toLocaleString("en-US", { maximumFractionDigits: 1 });
const sumOf = (parts: object): number => Object.values(parts).reduce((a: number, b: number) => a + b, 0);

function lutsOf({ luts, pruning }: Report, kind: "lut4" | "lut6"): number | null {
  const found = (pruning ?? { luts }).luts;
  return found === null ? null : sumOf(found[kind]);
}

const size = (meaning: string, of: Metric["of"]): Metric => ({
  meaning,
  better: "lower",
  relative: true,
  tolerance: 0.02,
  of,
  format: count,
});

const accuracy = (meaning: string, of: Metric["of"]): Metric => ({
  meaning,
  better: "higher",
  relative: false,
  tolerance: 0.005,
  of,
  format: percent,
});

export const METRICS = {
  accuracy: accuracy(
    "test accuracy of the hard network, after pruning if it was pruned",
    ({ accuracy: a, pruning }) => pruning?.test ?? a?.test ?? null,
  ),
  validation: accuracy(
    "its validation accuracy",
    ({ accuracy: a, pruning }) => pruning?.validation.after ?? a?.validation ?? null,
  ),
  gates: size(
    "gates after the passes and pruning",
    ({ gates, pruning }) => pruning?.gates.after ?? gates?.final ?? null,
  ),
  lut4: size("LUTs of up to 4 inputs, all parts", (report) => lutsOf(report, "lut4")),
  lut6: size("LUTs of up to 6 inputs, all parts", (report) => lutsOf(report, "lut6")),
  synthesised: size(
    "LUTs that synthesis for the target takes",
    ({ synthesis: s }) => s?.resources.luts ?? null,
  ),
  fmax: {
    meaning: "MHz that place and route reaches for the board, the median over its seeds",
    better: "higher",
    relative: true,
    tolerance: 0.05,
    of: ({ bitstream }) => bitstream?.fmax ?? null,
    format: count,
  },
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricName = keyof typeof METRICS;
export const METRIC_NAMES = Object.keys(METRICS) as MetricName[];
/** A value for some of the metrics. */
export type MetricValues = Partial<Record<MetricName, number>>;

/** The metrics that a report has. */
export function metricsOf(report: Report): MetricValues {
  const found = METRIC_NAMES.map((name) => [name, METRICS[name].of(report)] as const);
  return Object.fromEntries(found.filter(([, value]) => value !== null));
}

/** By how much `value` is worse than `reference`; negative when it is better. */
export const shortfall = (name: MetricName, value: number, reference: number): number =>
  METRICS[name].better === "higher" ? reference - value : value - reference;
