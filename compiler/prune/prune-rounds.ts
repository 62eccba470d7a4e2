import type { Design } from "../ir/design.js";
import { gateCount } from "../ir/netlist.js";
import { makeClassifier } from "../simulate/classifier.js";
import { chooseRound } from "./choose-round.js";
import { applyEdits, type Edit, substitutionsOf } from "./edits.js";
import { lossAt } from "./fit-offsets.js";
import { type FitOptions, type Fitted, fitted } from "./fitted.js";
import { type LutRates, lutRates, lutsAbout } from "./lut-rates.js";
import { type Ranking, type RankingContext, scoreSubstitutions } from "./ranking.js";
import { chooseTrims } from "./readout-trim.js";
import { References } from "./references.js";
import type { Substituted } from "./substitution.js";
import { translate } from "./translate.js";

export interface PruneOptions extends RankingContext {
  readonly ranking: Ranking;
  /** Share of the live gates that a round frees, or of the votes that it trims. */
  readonly share: number;
  /** Inputs of the LUTs that are to be saved by trimming votes too; not given for gates alone. */
  readonly trimFor?: 4 | 6;
}

/** What was chosen so far, and the design that it makes of the first one. */
export interface PrunedRound {
  /** In the numbering of the design that was begun with; the later ones are those of this round. */
  readonly list: readonly Edit[];
  readonly design: Design;
}

/** The design that a list of edits makes of another, the offsets fitted to what is left. */
export const prunedBy = (design: Design, list: readonly Edit[], options: FitOptions): Design =>
  fitted(applyEdits(design, list).design, options).design;

/**
 * Choose edits round by round: every round looks at the design that those before it made, and frees a share of its gates or
 * trims a share of its votes, whichever costs less loss for each LUT that it saves. It ends when nothing is left to do.
 *
 * @remarks A generator, so that whoever measures decides how far it goes, and lets the event loop breathe.
 */
export function* pruneRounds(design: Design, options: PruneOptions): Generator<PrunedRound, void> {
  const rates = options.trimFor === undefined ? null : lutRates(design, options.trimFor);
  let at = beginning(design, options);
  for (let round = 0; gateCount(at.design.core) > 0; round++) {
    const moves = [
      chooseGates(design, at, options, round),
      rates === null ? [] : chooseTrims(at.design, options.data, options.share, options.temperature),
    ].filter((edits) => edits.length > 0);
    if (moves.length === 0) return;
    const found = moves.map((edits) => roundBy(design, [...at.list, ...edits], options));
    at = rates === null ? found[0]! : leastLoss(at, found, rates, options);
    yield { list: at.list, design: at.design };
  }
}

/** A round as the next one goes on from it. */
interface Round extends PrunedRound, Fitted {
  readonly moved: Substituted;
}

/** No edits yet, and the offsets as they are. */
function beginning(given: Design, { data, module }: FitOptions): Round {
  const { design, moved } = applyEdits(given, []);
  return { list: [], design, moved, scores: makeClassifier(module, design).scores(data.bits, data.samples) };
}

function roundBy(given: Design, list: readonly Edit[], options: FitOptions): Round {
  const { design, moved } = applyEdits(given, list);
  return { list, moved, ...fitted(design, options) };
}

/** Substitutions of one round, in the numbering of the design that was begun with. */
function chooseGates(given: Design, at: Round, options: PruneOptions, round: number): Edit[] {
  const { core } = at.design;
  const references = new References(core);
  const context = { ...options, seed: options.seed + round };
  const scored = scoreSubstitutions(options.ranking, at, references, context);
  const quota = Math.max(1, Math.round(options.share * gateCount(core)));
  const chosen = chooseRound(core, scored, references, quota);
  return translate(given.core, at.moved, substitutionsOf(at.list), chosen);
}

/** The way on that costs the least loss for each LUT that it saves, about. */
function leastLoss(
  at: Round,
  moves: readonly Round[],
  rates: LutRates,
  { data: { labels }, temperature }: FitOptions,
): Round {
  const unmoved = new Float64Array(at.design.readout.classNames.length);
  const lossOf = ({ scores }: Fitted): number => lossAt(scores, labels, unmoved, temperature).loss;
  const [loss, luts] = [lossOf(at), lutsAbout(at.design, rates)];
  const price = (move: Round): number => {
    const saved = luts - lutsAbout(move.design, rates);
    return saved <= 0 ? Number.POSITIVE_INFINITY : (lossOf(move) - loss) / saved;
  };
  return moves.map((move) => ({ move, price: price(move) })).reduce((a, b) => (b.price < a.price ? b : a))
    .move;
}
