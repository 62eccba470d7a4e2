import { Random } from "../../base/random.js";
import type { Design } from "../ir/design.js";
import type { LabelledBits } from "../ir/labelled-bits.js";
import { firstGate, originOf } from "../ir/netlist.js";
import { nearPairs, pairsOf } from "./candidate-pairs.js";
import { bestOfEach, type Scored } from "./choose-round.js";
import { coneFunctions } from "./cone-functions.js";
import { conesOf } from "./cones.js";
import { drawDecisive } from "./decisive-samples.js";
import { type FlipWeight, weighFlips } from "./flip-weights.js";
import { harmOf } from "./harm.js";
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
  /** Whether a gate may be let compute something else, patterns that the data does not have being free. */
  readonly dontCares: boolean;
}

/** Substitutes of each gate that may be chosen: where the best is taken, the next will do. */
const CHOICES = 3;

/** What each ranking weighs a flip by. */
const WEIGHT: Readonly<Record<Ranking, FlipWeight>> = {
  similarity: "share",
  distortion: "curvature",
  observability: "slope",
  savings: "curvature",
  magnitude: "share",
  random: "share",
};

/** The baselines take gates and their substitutes by other rules than harm. */
const isBaseline = (ranking: Ranking): boolean => ranking === "magnitude" || ranking === "random";

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
  const samples =
    weight === "share" ? data : drawDecisive(scores, data, { ...context, count: context.drawn });
  const pairs = ranking === "magnitude" ? pairsOf(core, null) : nearPairs(core, samples, seed);
  const cones = context.dontCares && !isBaseline(ranking) ? conesOf(core, references) : [];
  const sums = weighFlips(context.module, design, samples, { pairs, cones }, weight);
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
  if (ranking === "magnitude")
    return { ...best, score: best.score.map((_, i) => strengthOf(design, best.node[i]!, context.strengths)) };
  const all = joined(best, coneFunctions(cones, sums.patterns));
  return ranking === "savings" ? perFreed(all, references) : all;
}

function joined(a: Scored, b: Scored): Scored {
  const length = a.score.length;
  const join = <T extends Uint32Array | Float64Array>(into: T, of: (scored: Scored) => T): T => {
    into.set(of(a));
    into.set(of(b), length);
    return into;
  };
  const total = length + b.score.length;
  return {
    node: join(new Uint32Array(total), ({ node }) => node),
    literal: join(new Uint32Array(total), ({ literal }) => literal),
    score: join(new Float64Array(total), ({ score }) => score),
    definitions: new Map([...b.definitions].map(([at, definition]) => [length + at, definition])),
  };
}

/** Scores for each gate freed; a gate that is defined anew stays. */
function perFreed(scored: Scored, references: References): Scored {
  const score = scored.score.map((harm, i) => {
    const freed = references.cone(scored.node[i]!).length;
    return harm / (scored.definitions.has(i) ? freed - 1 : freed);
  });
  return { ...scored, score };
}

/** The strength of the surest trained gate that a gate came from. */
function strengthOf({ core }: Design, node: number, strengths: Float64Array): number {
  let strength = 0;
  for (const gate of originOf(core, node - firstGate(core))) strength = Math.max(strength, strengths[gate]!);
  return strength;
}
