import { writeFileSync } from "node:fs";
import { RANKINGS } from "../../compiler/prune/ranking.js";
import { median } from "../../src/flow/median.js";
import { type Plot, plotSvg } from "../../src/report/plot.js";
import { type Result, readResults } from "./results.js";

/**
 * `npm run bench:prune-curves`: medians over the seeds of what `npm run bench:prune` found, as a table and as curves in
 * docs/pruning-<network>.svg. A run folder's name is that of its network and its seed, such as mnist-8k-s1.
 */
const RANKED = ["none", ...RANKINGS] as const;
type Key = Pick<Result, "ranking" | "tuned" | "removed">;

const networkOf = ({ run }: Result): string => run.replace(/-s\d+$/, "");

/** Shares of the gates that some result is of, ascending. */
const sharesOf = (results: readonly Result[]): number[] =>
  [...new Set(results.map(({ removed }) => removed))].sort((x, y) => x - y);

function pick(results: readonly Result[], key: Key): Result[] {
  return results.filter(
    (r) => r.ranking === key.ranking && r.tuned === key.tuned && r.removed === key.removed,
  );
}

/** Medians of validation and test accuracy in percent, and of how many seeds; empty where there are none. */
function cell(results: readonly Result[], key: Key): string {
  const found = pick(results, key);
  if (found.length === 0) return "";
  const [validation, test] = (["validation", "test"] as const).map((split) =>
    (100 * median(found.map((r) => r[split]))).toFixed(2),
  );
  return `${validation} / ${test}${found.length === 3 ? "" : ` (${found.length})`}`;
}

/** Rows of a network, a ranking each, before training on and after. */
function rowsOf(
  network: string,
  results: readonly Result[],
  tunings: readonly number[],
  shares: readonly number[],
): string[][] {
  return tunings.flatMap((tuned) =>
    RANKED.filter((ranking) => results.some((r) => r.ranking === ranking && r.tuned === tuned)).map(
      (ranking) => {
        const cells = shares.map((removed) => cell(results, { ranking, tuned, removed }));
        return [network, tuned === 0 ? "before" : `${tuned} epochs`, `\`${ranking}\``, ...cells];
      },
    ),
  );
}

/** A table in Markdown, its columns aligned. */
function tableText(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i]!.length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((text, i) => text.padEnd(widths[i]!)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

function plot(network: string, results: readonly Result[], tuned: number): Plot {
  const whole =
    100 * median(pick(results, { ranking: "none", tuned: 0, removed: 0 }).map(({ test }) => test));
  const series = RANKINGS.filter((ranking) =>
    results.some((r) => r.ranking === ranking && r.tuned === tuned),
  ).map((ranking) => {
    const at = (removed: number): number =>
      100 * median(pick(results, { ranking, tuned, removed }).map(({ test }) => test));
    const shares = sharesOf(results).filter(
      (removed) => pick(results, { ranking, tuned, removed }).length > 0,
    );
    const points = shares.map((removed) => [100 * removed, at(removed)] as const);
    return { name: ranking, mark: "line" as const, points: [[0, whole] as const, ...points] };
  });
  const when = tuned === 0 ? "before training on" : `after ${tuned} epochs of the votes`;
  return {
    title: `${network}, ${when}`,
    x: { label: "live gates removed, percent" },
    y: { label: "test samples right, percent" },
    series,
  };
}

const results = readResults();
const rows: string[][] = [];
for (const network of new Set(results.map(networkOf))) {
  const own = results.filter((r) => networkOf(r) === network);
  const tunings = [...new Set(own.map(({ tuned }) => tuned))].sort((x, y) => x - y);
  rows.push(...rowsOf(network, own, tunings, sharesOf(results)));
  writeFileSync(`docs/pruning-${network}.svg`, plotSvg(tunings.map((tuned) => plot(network, own, tuned))));
}
const shares = sharesOf(results).map((removed) => `${100 * removed}%`);
console.log(tableText(["network", "trained on", "ranking", ...shares], rows));
