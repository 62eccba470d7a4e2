import { invariant } from "../../base/errors.js";
import { Random } from "../../base/random.js";
import type { SolverFactory, UnknownReason } from "../../sat/solver.js";
import { gateCount, type Netlist } from "../ir/netlist.js";
import { simulate } from "../simulate/bit-parallel.js";
import { joinNetlists } from "./miter.js";
import { type SweepStatistics, totalOf } from "./sweep/statistics.js";
import { Sweep } from "./sweep/sweep.js";
import { sweptNetlist } from "./sweep/swept.js";

/** What was found out about two netlists, and how. */
export type EquivalenceVerdict =
  | { readonly tag: "proved"; readonly statistics: SweepStatistics }
  | { readonly tag: "refuted"; readonly output: number; readonly counterexample: Uint8Array }
  | {
      readonly tag: "unknown";
      readonly outputs: readonly number[];
      readonly reason: UnknownReason;
      readonly statistics: SweepStatistics;
    };

export interface EquivalenceOptions {
  readonly createSolver: SolverFactory;
  readonly seed: number;
  /** Further patterns to simulate first, shape `[inputs][words]`. */
  readonly patterns?: readonly Uint32Array[];
  /** Conflicts that one output may cost; no bound when absent. */
  readonly conflictBudget?: number;
  readonly cancelled?: () => boolean;
  /** Told now and then how far it is: gates of the miter while sweeping, then outputs that were left open. */
  readonly onProgress?: (phase: "sweeping" | "outputs", done: number, total: number) => void;
}

/** Nodes below a pair that the solver is asked about in the first sweep. */
const NEAR_CONE = 4000;
/** Random patterns are simulated first: 64 words of 32. Others are simulated as many at a time. */
const RANDOM_WORDS = 64;

/**
 * Decide whether two netlists compute the same outputs: simulate both, then sweep their miter, so that the gates inside
 * that are equal are proved so from the inputs on, and ask the solver about those outputs that are not the same literal
 * by then.
 *
 * The first sweep leaves out what the solver would have to look at large cones for: behind a popcount many gates look
 * equal on all patterns and are not, and what is equal is so for reasons nearby. Only if it leaves outputs open, a second
 * one asks about everything.
 *
 * A counterexample (one value per primary input) is simulated on both sides before it is returned.
 *
 * @throws {InvariantError} unless inputs and outputs agree in number.
 */
export async function checkEquivalent(
  a: Netlist,
  b: Netlist,
  options: EquivalenceOptions,
): Promise<EquivalenceVerdict> {
  const miter = joinNetlists(a, b);
  const found = differsOnPatterns(a, b, randomPatterns(a.inputs, options.seed), options.patterns);
  if (found !== null) return found;
  const near = await sweepMiter(a, b, miter, { ...options, mostCone: NEAR_CONE });
  near.sweep.solver.close();
  if (near.refuted !== null) return near.refuted;
  const outputs = a.outputs.length;
  if (openOutputs(near.sweep, outputs).length === 0)
    return { tag: "proved", statistics: near.sweep.statistics };
  const { sweep, refuted } = await sweepMiter(a, b, sweptNetlist(near.sweep.graph), options);
  try {
    const verdict = refuted ?? settleOutputs(sweep, outputs, options, (r) => asVerdict(a, b, r));
    return verdict.tag === "refuted"
      ? verdict
      : { ...verdict, statistics: totalOf(near.sweep.statistics, verdict.statistics) };
  } finally {
    sweep.solver.close();
  }
}

/** Sweep a miter of `a` and `b`; the caller closes the solver. */
async function sweepMiter(
  a: Netlist,
  b: Netlist,
  miter: Netlist,
  options: EquivalenceOptions & { readonly mostCone?: number },
): Promise<{ sweep: Sweep; refuted: EquivalenceVerdict | null }> {
  let refuted: Refutation | null = null;
  const watch = (values: Uint32Array): boolean => {
    refuted ??= firstDifference(miter, a.outputs.length, values);
    return refuted !== null;
  };
  const onVisited = (done: number, total: number): void => options.onProgress?.("sweeping", done, total);
  const sweep = new Sweep(miter, { ...options, onVisited }, watch);
  await sweep.run();
  return { sweep, refuted: asVerdict(a, b, refuted) };
}

/** Outputs that a sweep did not make the same literal. */
function openOutputs({ netlist, graph }: Sweep, outputs: number): number[] {
  return Array.from({ length: outputs }, (_, o) => o).filter(
    (o) => graph.at(netlist.outputs[o]!) !== graph.at(netlist.outputs[outputs + o]!),
  );
}

interface Refutation {
  readonly output: number;
  readonly inputs: Uint8Array;
}

/** The first output pair that differs in one of 32 patterns. */
function firstDifference(miter: Netlist, outputs: number, values: Uint32Array): Refutation | null {
  const word = (literal: number): number => values[literal >>> 1]! ^ -(literal & 1);
  for (let o = 0; o < outputs; o++) {
    const different = word(miter.outputs[o]!) ^ word(miter.outputs[outputs + o]!);
    if (different === 0) continue;
    const bit = 31 - Math.clz32(different);
    return {
      output: o,
      inputs: Uint8Array.from({ length: miter.inputs }, (_, i) => (values[1 + i]! >>> bit) & 1),
    };
  }
  return null;
}

/** Ask about the outputs that the sweep left open, with the whole budget. */
function settleOutputs(
  sweep: Sweep,
  outputs: number,
  { conflictBudget, onProgress }: EquivalenceOptions,
  refuted: (refutation: Refutation) => EquivalenceVerdict,
): EquivalenceVerdict {
  const { netlist, graph, solver, statistics } = sweep;
  const unresolved: number[] = [];
  let reason: UnknownReason = "conflicts";
  for (const o of openOutputs(sweep, outputs)) {
    const [left, right] = [graph.at(netlist.outputs[o]!), graph.at(netlist.outputs[outputs + o]!)];
    onProgress?.("outputs", o, outputs);
    const answer = solver.differ(left, right, conflictBudget);
    if (answer.tag === "satisfiable") {
      const inputs = new Uint8Array(netlist.inputs);
      for (const node of solver.inputs().ones) inputs[node - 1] = 1;
      return refuted({ output: o, inputs });
    }
    if (answer.tag === "unsatisfiable") continue;
    unresolved.push(o);
    reason = answer.reason;
  }
  statistics.conflicts = solver.conflicts;
  if (unresolved.length === 0) return { tag: "proved", statistics };
  return { tag: "unknown", outputs: unresolved, reason, statistics };
}

/** Uniform random patterns, shape `[inputs][64]`. */
function randomPatterns(inputs: number, seed: number): Uint32Array[] {
  const random = Random.forPurpose(seed, "equivalence");
  return Array.from({ length: inputs }, () =>
    Uint32Array.from({ length: RANDOM_WORDS }, () => random.uint32()),
  );
}

function differsOnPatterns(
  a: Netlist,
  b: Netlist,
  ...sets: (readonly Uint32Array[] | undefined)[]
): EquivalenceVerdict | null {
  for (const set of sets) {
    if (set === undefined || set.length === 0) continue;
    for (let from = 0; from < set[0]!.length; from += RANDOM_WORDS) {
      const found = differsOn(
        a,
        b,
        set.map((row) => row.subarray(from, from + RANDOM_WORDS)),
      );
      if (found !== null) return found;
    }
  }
  return null;
}

/** A part of the patterns at a time: the outputs of all would not fit into memory for large netlists. */
function differsOn(a: Netlist, b: Netlist, patterns: readonly Uint32Array[]): EquivalenceVerdict | null {
  const words = patterns[0]!.length;
  const [left, right] = [simulate(a, patterns, words), simulate(b, patterns, words)];
  for (let o = 0; o < left.length; o++) {
    for (let w = 0; w < words; w++) {
      const different = left[o]![w]! ^ right[o]![w]!;
      if (different === 0) continue;
      const bit = 31 - Math.clz32(different);
      const inputs = Uint8Array.from(patterns, (row) => (row[w]! >>> bit) & 1);
      return asVerdict(a, b, { output: o, inputs });
    }
  }
  return null;
}

/** A counterexample counts only when both sides, simulated, differ on it. */
function asVerdict(a: Netlist, b: Netlist, refutation: Refutation): EquivalenceVerdict;
function asVerdict(a: Netlist, b: Netlist, refutation: Refutation | null): EquivalenceVerdict | null;
function asVerdict(a: Netlist, b: Netlist, refutation: Refutation | null): EquivalenceVerdict | null {
  if (refutation === null) return null;
  const { output, inputs: counterexample } = refutation;
  const inputs = Array.from(counterexample, (bit) => Uint32Array.of(bit));
  const [left, right] = [simulate(a, inputs, 1), simulate(b, inputs, 1)];
  const differs = ((left[output]![0]! ^ right[output]![0]!) & 1) === 1;
  invariant(
    differs,
    `a counterexample for output ${output} (${gateCount(a)} and ${gateCount(b)} gates) does not distinguish the netlists`,
  );
  return { tag: "refuted", output, counterexample };
}
