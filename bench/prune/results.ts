import { appendFileSync, existsSync, readFileSync } from "node:fs";
import type { Ranking } from "../../compiler/prune/ranking.js";

/** Shares of the live gates that are removed. */
export const REMOVED = [0.1, 0.25, 0.5, 0.75] as const;

const RESULTS = "bench/prune/results.csv";

/** What a result is of: a run's design with a share of its gates removed, and trained on for so many epochs. */
export interface Point {
  readonly run: string;
  readonly ranking: Ranking | "none";
  readonly tuned: number;
  readonly removed: number;
}

export interface Result extends Point {
  readonly gates: number;
  /** Shares of the samples that are right. */
  readonly validation: number;
  readonly test: number;
  /** Of the processor. */
  readonly seconds: number;
}

const HEAD = "run,ranking,tuned_epochs,removed,gates,validation,test,seconds";

/** All results so far, of this and of earlier calls. */
export function readResults(): Result[] {
  if (!existsSync(RESULTS)) return [];
  const lines = readFileSync(RESULTS, "utf8").trim().split("\n").slice(1);
  return lines.map((line) => {
    const [run, ranking, ...numbers] = line.split(",");
    const [tuned, removed, gates, validation, test, seconds] = numbers.map(Number);
    return {
      run: run!,
      ranking: ranking as Result["ranking"],
      tuned: tuned!,
      removed: removed!,
      gates: gates!,
      validation: validation!,
      test: test!,
      seconds: seconds!,
    };
  });
}

export const hasResult = (point: Point): boolean =>
  readResults().some(
    (r) =>
      r.run === point.run &&
      r.ranking === point.ranking &&
      r.tuned === point.tuned &&
      r.removed === point.removed,
  );

/** Append a result to the file, and print it. */
export function appendResult(result: Result): void {
  const { run, ranking, tuned, removed, gates, validation, test, seconds } = result;
  const line = [
    run,
    ranking,
    tuned,
    removed,
    gates,
    validation.toFixed(4),
    test.toFixed(4),
    seconds.toFixed(1),
  ];
  if (!existsSync(RESULTS)) appendFileSync(RESULTS, `${HEAD}\n`);
  appendFileSync(RESULTS, `${line.join()}\n`);
  console.log(line.join("  "));
}
