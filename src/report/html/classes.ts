import { count, percent } from "../../../base/format.js";
import type { ReportInput } from "./input.js";
import { escapeHtml, table } from "./markup.js";

/** Shape `[classes][classes]`: test samples of class `row` that were taken for class `column`. */
export function confusionOf(
  labels: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
): number[][] {
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let s = 0; s < labels.length; s++) matrix[labels[s]!]![predicted[s]!]!++;
  return matrix;
}

/** Accuracy of every class, and which classes are taken for which. */
export function classSection({ design, test, predicted }: ReportInput): string {
  const names = design.readout.classNames.map(escapeHtml);
  const matrix = confusionOf(test.labels, predicted, names.length);
  const sum = (row: readonly number[]): number => row.reduce((a, b) => a + b, 0);
  const bars = matrix.map((row, c) => {
    const right = sum(row) === 0 ? 0 : row[c]! / sum(row);
    return `<tr><th scope="row">${names[c]}</th><td class="wide"><div class="bar"><i class="c0" style="width:${percent(right)}"></i></div></td><td>${percent(right)}</td><td>${count(row[c]!)} of ${count(sum(row))}</td></tr>`;
  });
  const cells = matrix.map((row, truth) => [
    names[truth]!,
    ...row.map((n, guess) => cell(n, sum(row), truth === guess)),
  ]);
  return `<div class="scroll"><table class="bars"><tbody>${bars.join("\n")}</tbody></table></div>
<h3>Confusion</h3><p>Rows are what a sample is, columns what the circuit says.</p>
${table(["", ...names], cells, "confusion")}`;
}

/** Deeper where more of the row's samples went. */
function cell(n: number, row: number, right: boolean): string {
  const share = row === 0 ? 0 : n / row;
  const depth =
    n === 0 ? 0 : right ? Math.round(15 + 50 * share) : Math.round(Math.min(85, 12 + 300 * share));
  return `<span class="${right ? "hit" : "miss"}" style="--depth:${depth}%">${n === 0 ? "" : count(n)}</span>`;
}
