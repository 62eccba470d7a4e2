import type { Measured } from "./budget.js";

/** What the nearest design to a budget is like, in words. @param before validation accuracy without pruning. */
export function nearestText({ gates, luts, validation }: Measured, before: number): string {
  const parts = [
    `${gates.toLocaleString("en-US")} gates`,
    ...(luts === null ? [] : [`${luts.toLocaleString("en-US")} LUTs`]),
    `${(100 * validation).toFixed(2)}% validation accuracy (${(100 * (validation - before)).toFixed(2)} points)`,
  ];
  return parts.join(", ");
}
