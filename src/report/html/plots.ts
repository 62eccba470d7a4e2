import type { ReportInput } from "./input.js";
import { escapeHtml } from "./markup.js";

const TITLES: Readonly<Record<string, string>> = {
  "pareto.svg": "Pareto front",
  "training.svg": "Training",
};

/** The plots of the run folder: the Pareto front, training curves, and whatever else a stage drew. */
export function plotSection({ plots }: ReportInput): string | null {
  if (plots.length === 0) return null;
  const rank = (file: string): number => (Object.keys(TITLES).indexOf(file) + 9) % 9;
  const sorted = [...plots].sort((a, b) => rank(a.file) - rank(b.file) || (a.file < b.file ? -1 : 1));
  return sorted
    .map(({ file, svg }) => {
      const title = TITLES[file] ?? file.replace(/\.svg$/, "");
      return `<h3>${escapeHtml(title)}</h3><div class="scroll plot">${svg.replace(/^<\?xml[^>]*>\s*/, "")}</div>`;
    })
    .join("");
}
