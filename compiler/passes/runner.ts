import { count } from "../../base/format.js";
import type { Design } from "../ir/design.js";
import { gateCount } from "../ir/netlist.js";
import { checkEquivalent, type EquivalenceVerdict } from "../verify/equivalence.js";
import type { SweepStatistics } from "../verify/sweep/statistics.js";
import type { Pass, PassContext } from "./pass.js";

export interface PassRecord {
  readonly name: string;
  /** Gates before and after. */
  readonly before: number;
  readonly after: number;
  readonly stats: Readonly<Record<string, number>>;
  /** Wall clock of the pass itself, without its verification. */
  readonly seconds: number;
  readonly verdict: EquivalenceVerdict["tag"];
  /** How the verification went; null when refuted. */
  readonly sweep: SweepStatistics | null;
  /** Inputs of the core on which input and result differ, when refuted. */
  readonly counterexample?: Uint8Array;
}

export interface RunPassesOptions {
  readonly context: PassContext;
  /** Conflicts that one output may cost in a proof; no bound when absent. */
  readonly conflictBudget?: number;
  /** Told now and then how far the proof of a pass is. */
  readonly onProgress?: (what: string, done: number, total: number) => void;
  /** Milliseconds of some clock. */
  readonly now: () => number;
  /** Awaited before the next pass begins: the place to stop a run. */
  readonly onPass: (record: PassRecord, result: Design) => void | Promise<void>;
}

/**
 * Run passes in order and verify each one against its input. A refuted pass ends the run: its result is not
 * passed on.
 *
 * @returns the last design that was not refuted, and a record for every pass that ran.
 */
export async function runPasses(
  design: Design,
  passes: readonly Pass[],
  options: RunPassesOptions,
): Promise<{ design: Design; records: PassRecord[] }> {
  const records: PassRecord[] = [];
  let current = design;
  for (const pass of passes) {
    const begin = options.now();
    const { design: result, stats } = await pass.run(current, options.context);
    const seconds = (options.now() - begin) / 1000;
    const verdict = await checkEquivalent(current.core, result.core, {
      ...(options.conflictBudget === undefined ? {} : { conflictBudget: options.conflictBudget }),
      createSolver: options.context.createSolver,
      seed: options.context.seed,
      patterns: options.context.patterns,
      ...(options.context.cancelled === undefined ? {} : { cancelled: options.context.cancelled }),
      onProgress: (phase, done, total) => options.onProgress?.(`proving ${pass.name}, ${phase}`, done, total),
    });
    const record: PassRecord = {
      name: pass.name,
      before: gateCount(current.core),
      after: gateCount(result.core),
      stats,
      seconds,
      verdict: verdict.tag,
      sweep: verdict.tag === "refuted" ? null : verdict.statistics,
      ...(verdict.tag === "refuted" ? { counterexample: verdict.counterexample } : {}),
    };
    records.push(record);
    await options.onPass(record, result);
    if (verdict.tag === "refuted") break;
    current = result;
  }
  return { design: current, records };
}

/** One line: `strash  41,203 → 38,977 gates   merged 2,226   0.21 s   proved`. */
export function formatPassLine({ name, before, after, stats, seconds, verdict }: PassRecord): string {
  const facts = Object.entries(stats).map(([key, value]) => `${key} ${count(value)}`);
  const columns = [
    name.padEnd(22),
    `${count(before)} → ${count(after)} gates`.padEnd(26),
    facts.join(", ").padEnd(16),
  ];
  return `${columns.join(" ")} ${`${seconds.toFixed(2)} s`.padStart(8)}   ${verdict}`;
}
