import type { Design } from "../ir/design.js";
import { gateCount } from "../ir/netlist.js";
import { makeClassifier } from "../simulate/classifier.js";
import { chooseRound } from "./choose-round.js";
import { fitOffsets } from "./fit-offsets.js";
import { type Ranking, type RankingContext, scoreSubstitutions } from "./ranking.js";
import { References } from "./references.js";
import { applySubstitutions, type Substitution } from "./substitution.js";
import { translate } from "./translate.js";

export interface PruneOptions extends RankingContext {
  readonly ranking: Ranking;
  /** Share of the live gates that a round frees. */
  readonly share: number;
}

/** What was chosen so far, and the design that it makes of the first one. */
export interface PrunedRound {
  /** In the numbering of the design that was begun with; the later ones are those of this round. */
  readonly list: readonly Substitution[];
  readonly design: Design;
}

/** A design with offsets fitted to the training samples, and its scores on them. */
interface Fitted {
  readonly design: Design;
  /** Shape `[samples, classes]`. */
  readonly scores: Int32Array;
}

type FitOptions = Pick<PruneOptions, "data" | "temperature" | "module">;

function fitted(design: Design, { data, temperature, module }: FitOptions): Fitted {
  const scores = makeClassifier(module, design).scores(data.bits, data.samples);
  return { design: fitOffsets(design, scores, data.labels, temperature), scores };
}

/** The design that a list of substitutions makes of another, the offsets fitted to what is left. */
export const prunedBy = (design: Design, list: readonly Substitution[], options: FitOptions): Design =>
  fitted({ ...design, core: applySubstitutions(design.core, list).core }, options).design;

/**
 * Choose substitutions round by round: every round looks at the design that those before it made, and frees a share of its
 * gates. It ends when nothing is left to substitute.
 *
 * @remarks A generator, so that whoever measures decides how far it goes, and lets the event loop breathe.
 */
export function* pruneRounds(design: Design, options: PruneOptions): Generator<PrunedRound, void> {
  const { core } = design;
  const { data, module } = options;
  const list: Substitution[] = [];
  let at = applySubstitutions(core, list);
  const begin: Design = { ...design, core: at.core };
  let current: Fitted = {
    design: begin,
    scores: makeClassifier(module, begin).scores(data.bits, data.samples),
  };
  for (let round = 0; gateCount(at.core) > 0; round++) {
    const references = new References(at.core);
    const scored = scoreSubstitutions(options.ranking, current, references, {
      ...options,
      seed: options.seed + round,
    });
    const quota = Math.max(1, Math.round(options.share * gateCount(at.core)));
    const chosen = chooseRound(at.core, scored, references, quota);
    if (chosen.length === 0) return;
    list.push(...translate(core, at, list, chosen));
    at = applySubstitutions(core, list);
    current = fitted({ ...current.design, core: at.core }, options);
    yield { list: [...list], design: current.design };
  }
}
