import { count, percent } from "../../../base/format.js";
import type { ReportInput } from "./input.js";
import { escapeHtml, table } from "./markup.js";

/** What pruning was allowed, and what it did; null for a run without. */
export function pruningSection({ report: { pruning, accuracy, luts: before } }: ReportInput): string | null {
  if (pruning === null) return null;
  const { budget, gates, luts, validation, ranking, substitutions, met, nearest } = pruning;
  const allowed = [
    budget.maxAccuracyDrop === null
      ? ""
      : `at most ${percent(budget.maxAccuracyDrop)} of validation accuracy lost`,
    budget.maxGates === null ? "" : `at most ${count(budget.maxGates)} gates`,
    budget.maxLuts === null ? "" : `at most ${count(budget.maxLuts)} LUTs of ${escapeHtml(budget.target)}`,
  ].filter((text) => text !== "");
  const total = ({ encoder, core, readout }: typeof luts.lut4): string => count(encoder + core + readout);
  const rows = [
    ["validation accuracy", percent(validation.before), percent(validation.after)],
    ["test accuracy", accuracy === null ? "" : percent(accuracy.test), percent(pruning.test)],
    ["gates", count(gates.before), count(gates.after)],
    ["LUT-6", before === null ? "" : total(before.lut6), total(luts.lut6)],
    ["LUT-4", before === null ? "" : total(before.lut4), total(luts.lut4)],
  ];
  return `<p>Allowed: ${allowed.join(", ")}. ${met ? "Kept." : `Missed; the nearest: ${escapeHtml(nearest ?? "")}`}</p>
<p>${count(substitutions)} gates replaced, ordered by ${escapeHtml(ranking)}.</p>${table(["", "before", "after"], rows, "numbers")}`;
}
