import { count, percent } from "../../../base/format.js";
import { type ComparedRow, tendency } from "../compare.js";
import { escapeHtml, table } from "./markup.js";
import { htmlPage } from "./page.js";

/** A figure as text: fractions of samples in percent. */
export function shown(what: string, value: number | string | null): string {
  if (value === null) return "–";
  if (typeof value === "string") return value;
  return /^accuracy|^pruning (validation|test|budget maxAccuracyDrop)/.test(what)
    ? percent(value)
    : count(value);
}

/** A change as text; nothing for none. */
export function shownChange({ what, change }: ComparedRow): string {
  if (change === null || change === 0) return "";
  return `${change > 0 ? "+" : "−"}${shown(what, Math.abs(change))}`;
}

const TONE = { 1: "proved", 0: "skipped", "-1": "refuted" } as const;

/** Two runs side by side as a page of its own. */
export function renderComparison(a: string, b: string, rows: readonly ComparedRow[]): string {
  const cells = rows.map((row) => [
    escapeHtml(row.what),
    escapeHtml(shown(row.what, row.a)),
    escapeHtml(shown(row.what, row.b)),
    `<b class="${TONE[tendency(row)]}">${shownChange(row)}</b>`,
  ]);
  const title = `${a} and ${b}`;
  const body = `<header><h1>${escapeHtml(title)}</h1></header>
<main><section>${table(["", escapeHtml(a), escapeHtml(b), "change"], cells, "numbers")}</section></main>`;
  return htmlPage(title, "comparison", body);
}
