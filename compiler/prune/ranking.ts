import { Random } from "../../base/random.js";
import type { Design } from "../ir/design.js";
import type { LabelledBits } from "../ir/labelled-bits.js";
import { firstGate, gateCount, originOf } from "../ir/netlist.js";
import { nearPairs, pairsOf } from "./candidate-pairs.js";
import { bestOfEach, type Scored } from "./choose-round.js";
import { drawDecisive } from "./decisive-samples.js";
import { type FlipWeight, weightedHarm } from "./flip-weights.js";
import { harmOf, plainHarm } from "./harm.js";
import type { References } from "./references.js";

/** How substitutions are ordered; the last two are there to be compared with. */
export const RANKINGS = [
  "similarity",
  "distortion",
  "observability",
  "savings",
  "magnitude",
  "random",
] as const;
export type Ranking = (typeof RANKINGS)[number];

export interface RankingContext {
  /** Training samples. */
  readonly data: LabelledBits;
  readonly temperature: number;
  readonly seed: number;
  /** Samples drawn for the rankings that weigh them. */
  readonly drawn: number;
  /** Of every trained gate, as origins count them (`gateStrengths`); what `magnitude` orders by. */
  readonly strengths: Float64Array;
  /** Compiled from `kernels.wasm`. */
  readonly module: WebAssembly.Module;
}

/** Substitutes of each gate that may be chosen: where the best is taken, the next will do. */
const CHOICES = 3;

/** What each ranking weighs a flip by. */
const WEIGHT: Readonly<Partial<Record<Ranking, FlipWeight>>> = {
  distortion: "curvature",
  savings: "curvature",
  observability: "slope",
};

/**
 * Score the substitutions that may be made in a design.
 *
 * @param scores of the design on the training samples, shape `[samples, classes]`.
 */
export function scoreSubstitutions(
  ranking: Ranking,
  { design, scores }: { readonly design: Design; readonly scores: Int32Array },
  references: References,
  context: RankingContext,
): Scored {
  const { core } = design;
  const { data, seed } = context;
  const weight = WEIGHT[ranking];
  if (weight !== undefined) {
    const drawn = drawDecisive(scores, data, { ...context, count: context.drawn });
    const pairs = nearPairs(core, drawn, seed);
    const sums = weightedHarm(context.module, design, drawn, pairs, weight);
    const harm = (node: number, at: number, complement: boolean): number =>
      harmOf(sums, node, at, complement);
    if (ranking !== "savings") return bestOfEach(core, pairs, CHOICES, harm);
    const first = firstGate(core);
    const cones = Float64Array.from({ length: gateCount(core) }, (_, g) => references.cone(first + g));
    return bestOfEach(core, pairs, CHOICES, (node, ...rest) => harm(node, ...rest) / cones[node - first]!);
  }
  const pairs = ranking === "magnitude" ? pairsOf(core, null) : nearPairs(core, data, seed);
  const sums = plainHarm(core, data.bits, data.samples, pairs);
  const harm = (node: number, at: number, complement: boolean): number => harmOf(sums, node, at, complement);
  if (ranking === "random") {
    const random = Random.forPurpose(seed, "random-merges");
    // Any of the candidates, but complemented as suits it.
    const drawn = Float64Array.from(pairs.source, () => random.uniform());
    return bestOfEach(core, pairs, 1, (node, at, complement) =>
      harm(node, at, complement) > harm(node, at, !complement) ? 2 : drawn[at]!,
    );
  }
  const best = bestOfEach(core, pairs, ranking === "magnitude" ? 1 : CHOICES, harm);
  if (ranking === "similarity") return best;
  return { ...best, score: best.score.map((_, i) => strengthOf(design, best.node[i]!, context.strengths)) };
}

/** The strength of the surest trained gate that a gate came from. */
function strengthOf({ core }: Design, node: number, strengths: Float64Array): number {
  let strength = 0;
  for (const gate of originOf(core, node - firstGate(core))) strength = Math.max(strength, strengths[gate]!);
  return strength;
}
