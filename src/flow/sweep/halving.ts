import { median } from "../median.js";
import type { Point } from "./points.js";

/** What one run of a point came to. */
export interface RunResult {
  readonly seed: number;
  /** Share of the validation samples that the hard network gets right. */
  readonly validation: number;
  /** Live gates after the exact passes. */
  readonly gates: number;
  readonly test: number;
  readonly seconds: number;
}

/** All runs of a point at one rung. */
export interface PointResult {
  readonly point: Point;
  /** Of the rung. */
  readonly epochs: number;
  readonly runs: readonly RunResult[];
  /** Why runs are missing; a point with failures ranks behind all without. */
  readonly failures: readonly string[];
}

/** Points of each rung, when the first has `points`. */
export function rungSizes(points: number, rungs: number, keep: number): number[] {
  const sizes = [points];
  while (sizes.length < rungs) sizes.push(Math.max(1, Math.ceil(keep * sizes.at(-1)!)));
  return sizes;
}

/**
 * Best first: by median validation accuracy, then fewer gates. Points of a longer rung come before those that did not
 * get there, whose accuracies are not comparable; failed ones come last. Test accuracy plays no part.
 */
export function ranked(results: readonly PointResult[]): PointResult[] {
  const keyOf = (result: PointResult): number[] => [
    Math.sign(result.failures.length),
    -result.epochs,
    -medianOf(result, "validation"),
    medianOf(result, "gates"),
  ];
  const keys = new Map(results.map((result) => [result, keyOf(result)]));
  return [...results].sort((a, b) => {
    const [x, y] = [keys.get(a)!, keys.get(b)!];
    const at = x.findIndex((v, i) => v !== y[i]);
    return at < 0 ? (a.point.id < b.point.id ? -1 : 1) : x[at]! - y[at]!;
  });
}

/** Those without failures that were trained longest. */
export function lastRung(results: readonly PointResult[]): PointResult[] {
  const good = results.filter(({ failures }) => failures.length === 0);
  const longest = Math.max(...good.map(({ epochs }) => epochs));
  return good.filter(({ epochs }) => epochs === longest);
}

/** Median over the runs; 0 when there are none. */
export const medianOf = ({ runs }: PointResult, of: "validation" | "gates" | "test"): number =>
  median(runs.map((run) => run[of]));

/**
 * Of the last rung, those of which no other is at least as accurate with as few gates; by gates, rising. Of equal ones,
 * one stands for all.
 */
export function paretoFront(results: readonly PointResult[]): PointResult[] {
  const order = ranked(lastRung(results)).sort((a, b) => medianOf(a, "gates") - medianOf(b, "gates"));
  let best = Number.NEGATIVE_INFINITY;
  return order.filter((result) => {
    const accuracy = medianOf(result, "validation");
    if (accuracy <= best) return false;
    best = accuracy;
    return true;
  });
}
