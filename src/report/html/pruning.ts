import { count, percent } from "../../../base/format.js";
import type { ReportInput } from "./input.js";
import { escapeHtml, table } from "./markup.js";

/** What pruning was allowed, and what it did; null for a run without. */
export function pruningSection({ report: { pruning, accuracy, luts: before } }: ReportInput): string | null {
  if (pruning === null) return null;
  const { budget, gates, votes, luts, foldedLuts, validation, ranking, substitutions, met, nearest } =
    pruning;
  const allowed = [
    budget.maxAccuracyDrop === null
      ? ""
      : `at most ${percent(budget.maxAccuracyDrop)} of validation accuracy lost`,
    budget.maxGates === null ? "" : `at most ${count(budget.maxGates)} gates`,
    budget.maxLuts === null ? "" : `at most ${count(budget.maxLuts)} LUTs of ${escapeHtml(budget.target)}`,
  ].filter((text) => text !== "");
  const total = ({ encoder, core, readout }: typeof luts.lut4): string => count(encoder + core + readout);
  const [accurate, tested] = [percent(validation.before), accuracy === null ? "" : percent(accuracy.test)];
  const rows = [
    ["validation accuracy", accurate, accurate, percent(validation.after)],
    ["test accuracy", tested, tested, percent(pruning.test)],
    ["gates", count(gates.before), count(gates.before), count(gates.after)],
    ["votes", count(votes.before), count(votes.folded), count(votes.after)],
    ["LUT-6", before === null ? "" : total(before.lut6), total(foldedLuts.lut6), total(luts.lut6)],
    ["LUT-4", before === null ? "" : total(before.lut4), total(foldedLuts.lut4), total(luts.lut4)],
  ];
  return `<p>Allowed: ${allowed.join(", ")}. ${met ? "Kept." : `Missed; the nearest: ${escapeHtml(nearest ?? "")}`}</p>
<p>${count(substitutions)} gates replaced, ordered by ${escapeHtml(ranking)}.</p>${table(["", "before", "readout folded (lossless)", "after (lossy)"], rows, "numbers")}`;
}
