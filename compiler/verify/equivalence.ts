import { invariant } from "../../base/errors.js";
import { Random } from "../../base/random.js";
import type { SolverFactory, UnknownReason } from "../../sat/solver.js";
import { gateCount, type Netlist } from "../ir/netlist.js";
import { simulate } from "../simulate/bit-parallel.js";
import { addNetlist, extractCone } from "./cone.js";
import { buildMiter, type Miter } from "./miter.js";

/** What was found out about two netlists, and how. */
export type EquivalenceVerdict =
  | { readonly tag: "proved"; readonly counts: ProofCounts }
  | { readonly tag: "refuted"; readonly output: number; readonly counterexample: Uint8Array }
  | {
      readonly tag: "unknown";
      readonly outputs: readonly number[];
      readonly reason: UnknownReason;
      readonly counts: ProofCounts;
    };

/** Outputs by what settled them. */
export interface ProofCounts {
  /** Both sides are the same literal once hashed together. */
  structural: number;
  /** Every input pattern of the cone was simulated. */
  exhaustive: number;
  sat: number;
  unknown: number;
}

export interface EquivalenceOptions {
  readonly createSolver: SolverFactory;
  /** Conflicts that one output may cost; no bound when absent. */
  readonly conflictBudget?: number;
  readonly cancelled?: () => boolean;
  readonly seed: number;
  /** Further patterns to simulate first, shape `[inputs][words]`. */
  readonly patterns?: readonly Uint32Array[];
}

/** Random patterns are simulated first: 64 words of 32. */
const RANDOM_WORDS = 64;
/** Cones of at most this many inputs are simulated exhaustively: 4,096 patterns. */
const EXHAUSTIVE_INPUTS = 12;

/**
 * Decide whether two netlists compute the same outputs, output by output: hashed together, then simulated, then
 * by exhaustive simulation of small cones, then one SAT query a cone.
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
  const miter = buildMiter(a, b);
  const found = differsOnPatterns(a, b, randomPatterns(a.inputs, options.seed), options.patterns);
  if (found !== null) return found;
  const counts: ProofCounts = { structural: miter.structural, exhaustive: 0, sat: 0, unknown: 0 };
  const unresolved: number[] = [];
  let reason: UnknownReason = "time";
  for (const { output, literal } of miter.differences) {
    const settled = settle(miter, literal, options);
    if (settled.tag === "equal") counts[settled.by]++;
    else if (settled.tag === "unknown") {
      unresolved.push(output);
      reason = settled.reason;
    } else return confirmed(a, b, output, settled.inputs);
  }
  counts.unknown = unresolved.length;
  return unresolved.length === 0
    ? { tag: "proved", counts }
    : { tag: "unknown", outputs: unresolved, reason, counts };
}

type Settled =
  | { readonly tag: "equal"; readonly by: "exhaustive" | "sat" }
  | { readonly tag: "different"; readonly inputs: Uint8Array }
  | { readonly tag: "unknown"; readonly reason: UnknownReason };

/** Can the literal be 1? */
function settle(miter: Miter, literal: number, options: EquivalenceOptions): Settled {
  const cone = extractCone(miter.netlist, literal);
  const spread = (values: (i: number) => number): Uint8Array => {
    const inputs = new Uint8Array(miter.netlist.inputs);
    cone.support.forEach((input, i) => {
      inputs[input] = values(i);
    });
    return inputs;
  };
  if (cone.support.length <= EXHAUSTIVE_INPUTS) {
    const pattern = firstTruePattern(cone.netlist);
    return pattern === null
      ? { tag: "equal", by: "exhaustive" }
      : { tag: "different", inputs: spread((i) => (pattern >>> i) & 1) };
  }
  const solver = options.createSolver();
  try {
    solver.addClause([addNetlist(solver, cone.netlist)]);
    const answer = solver.solve(options);
    if (answer.tag === "unsatisfiable") return { tag: "equal", by: "sat" };
    if (answer.tag === "unknown") return answer;
    return { tag: "different", inputs: spread((i) => (solver.value(1 + i) ? 1 : 0)) };
  } finally {
    solver.close();
  }
}

/** The first input pattern (bit `i` is input `i`) for which output 0 is 1, or null. */
function firstTruePattern(netlist: Netlist): number | null {
  const patterns = 2 ** netlist.inputs;
  const words = Math.ceil(patterns / 32);
  const inputs = Array.from({ length: netlist.inputs }, (_, i) => {
    const row = new Uint32Array(words);
    for (let p = 0; p < patterns; p++) if ((p >>> i) & 1) row[p >>> 5]! |= 1 << (p & 31);
    return row;
  });
  const [out] = simulate(netlist, inputs, words);
  for (let p = 0; p < patterns; p++) if ((out![p >>> 5]! >>> (p & 31)) & 1) return p;
  return null;
}

/** Uniform random patterns, shape `[inputs][64]`. */
export function randomPatterns(inputs: number, seed: number): Uint32Array[] {
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
    const words = set[0]!.length;
    const [left, right] = [simulate(a, set, words), simulate(b, set, words)];
    for (let o = 0; o < left.length; o++) {
      for (let w = 0; w < words; w++) {
        const different = left[o]![w]! ^ right[o]![w]!;
        if (different === 0) continue;
        const bit = 31 - Math.clz32(different);
        return confirmed(
          a,
          b,
          o,
          Uint8Array.from(set, (row) => (row[w]! >>> bit) & 1),
        );
      }
    }
  }
  return null;
}

/** A counterexample counts only when both sides, simulated, differ on it. */
function confirmed(a: Netlist, b: Netlist, output: number, counterexample: Uint8Array): EquivalenceVerdict {
  const inputs = Array.from(counterexample, (bit) => Uint32Array.of(bit));
  const [left, right] = [simulate(a, inputs, 1), simulate(b, inputs, 1)];
  const differs = ((left[output]![0]! ^ right[output]![0]!) & 1) === 1;
  invariant(
    differs,
    `a counterexample for output ${output} (${gateCount(a)} and ${gateCount(b)} gates) does not distinguish the netlists`,
  );
  return { tag: "refuted", output, counterexample };
}
