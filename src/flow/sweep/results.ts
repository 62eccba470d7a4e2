import { percent } from "../../../base/format.js";
import { columns } from "../../report/columns.js";
import { type Plot, plotSvg, type Series } from "../../report/plot.js";
import { lastRung, medianOf, type PointResult, paretoFront } from "./halving.js";
import { describe, formatValue } from "./points.js";

const count = (n: number): string => Math.round(n).toLocaleString("en-US");

/**
 * The results as a table, best first.
 *
 * @param final ids of the points whose test accuracy is shown; no other's ever is.
 */
export function sweepTable(results: readonly PointResult[], final: ReadonlySet<string>): string {
  const front = new Set(paretoFront(results));
  const keys = Object.keys(results[0]?.point.settings ?? {});
  const header = [
    "",
    "point",
    ...keys,
    "epochs",
    "validation",
    "range",
    "gates",
    ...(final.size > 0 ? ["test"] : []),
  ];
  const rows = results.map((result, i) => {
    const accuracies = result.runs.map(({ validation }) => validation);
    const range = `${percent(Math.min(...accuracies))}–${percent(Math.max(...accuracies))}`;
    const failed = result.failures.length > 0;
    return [
      `${i + 1}${front.has(result) ? "*" : ""}`,
      result.point.id,
      ...keys.map((key) => formatValue(result.point.settings[key])),
      String(result.epochs),
      failed ? "failed" : percent(medianOf(result, "validation")),
      failed ? result.failures[0]! : accuracies.length > 1 ? range : "",
      failed ? "" : count(medianOf(result, "gates")),
      ...(final.size > 0
        ? [final.has(result.point.id) && !failed ? percent(medianOf(result, "test")) : ""]
        : []),
    ];
  });
  return columns([header, ...rows]);
}

/** The results as CSV, one line a run; without test accuracies. */
export function sweepCsv(results: readonly PointResult[]): string {
  const keys = Object.keys(results[0]?.point.settings ?? {});
  const lines = results.flatMap(({ point, epochs, runs, failures }, i) => {
    const begin = [i + 1, point.id, ...keys.map((key) => formatValue(point.settings[key])), epochs];
    return [
      ...runs.map(({ seed, validation, gates, seconds }) => [
        ...begin,
        seed,
        validation,
        gates,
        seconds.toFixed(1),
        "",
      ]),
      ...failures.map((failure) => [...begin, "", "", "", "", failure]),
    ];
  });
  const header = ["rank", "point", ...keys, "epochs", "seed", "validation", "gates", "seconds", "failure"];
  return `${[header, ...lines].map((line) => line.map(csvField).join()).join("\n")}\n`;
}

const csvField = (value: string | number): string =>
  /[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value);

/** Validation accuracy against live gates, with the front of those that reached the last rung. */
export function sweepPlot(name: string, results: readonly PointResult[]): string {
  const good = results.filter(({ failures }) => failures.length === 0);
  const last = lastRung(results);
  const front = paretoFront(results);
  const series = (title: string, mark: Series["mark"], members: readonly PointResult[]): Series => ({
    name: title,
    mark,
    points: members.map((r) => [medianOf(r, "gates"), medianOf(r, "validation")]),
    notes: members.map((r) => `${r.point.id}: ${describe(r.point)}; ${percent(medianOf(r, "validation"))}`),
  });
  const plot: Plot = {
    title: `${name}: accuracy against size`,
    x: { label: "live gates after the exact passes (median over seeds)", scale: "log" },
    y: { label: "validation accuracy (median)", format: (v) => `${Number((100 * v).toFixed(2))}%` },
    series: [
      series("Pareto front", "front", front),
      series(
        "others of the last rung",
        "points",
        last.filter((r) => !front.includes(r)),
      ),
      series(
        "stopped at an earlier rung",
        "points",
        good.filter((r) => !last.includes(r)),
      ),
    ],
  };
  return plotSvg([plot]);
}
