import type { Report } from "./schema.js";

/** One figure of two runs; null where a run has none. */
export interface ComparedRow {
  readonly what: string;
  readonly a: number | string | null;
  readonly b: number | string | null;
  /** `b - a` of numbers, null otherwise. */
  readonly change: number | null;
}

type Figures = Map<string, number | string>;

/** Figures whose larger value is the better one; of all other numbers it is the smaller. */
const LARGER_IS_BETTER = /^accuracy|^pruning (validation|test)|fmax/i;

/** Every figure of either report, in the order of the first, that is worth comparing: no seconds, no file names. */
export function compareReports(a: Report, b: Report): ComparedRow[] {
  const [left, right] = [figuresOf(a), figuresOf(b)];
  return [...new Set([...left.keys(), ...right.keys()])].map((what) => {
    const [x, y] = [left.get(what) ?? null, right.get(what) ?? null];
    return { what, a: x, b: y, change: typeof x === "number" && typeof y === "number" ? y - x : null };
  });
}

/** Whether B is better (1), worse (-1) or the same (0) in a row; 0 for what has no better and worse. */
export function tendency({ what, change }: ComparedRow): -1 | 0 | 1 {
  if (change === null || change === 0) return 0;
  return change > 0 === LARGER_IS_BETTER.test(what) ? 1 : -1;
}

/** The plain values of a report by their path, without lists and free text. */
function figuresOf(report: Report): Figures {
  const { name, seed, dataset, seconds: _seconds, passes: _passes, verification, ...sections } = report;
  const figures: Figures = new Map<string, number | string>([
    ["name", name],
    ["seed", seed],
    ["data", dataset?.name ?? ""],
  ]);
  collect(figures, sections, []);
  for (const [check, verdict] of Object.entries(verification))
    if (typeof verdict === "string") figures.set(`${check} verdict`, verdict);
  if (report.synthesis !== null) figures.set("synthesis verdict", report.synthesis.verdict);
  for (const { engine, mismatches, verdict } of verification.simulations ?? [])
    if (verdict !== "skipped") figures.set(`mismatches (${engine})`, mismatches);
  return figures;
}

function collect(figures: Figures, value: unknown, path: readonly string[]): void {
  if (typeof value === "number" && path.length > 0 && path[0] !== "schema")
    figures.set(path.join(" "), value);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return;
  for (const [key, inner] of Object.entries(value)) collect(figures, inner, [...path, key]);
}
