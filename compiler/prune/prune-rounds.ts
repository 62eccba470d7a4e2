import type { Design } from "../ir/design.js";
import { gateCount } from "../ir/netlist.js";
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

/** The design that a list of substitutions makes of another, the offsets fitted to what is left. */
export const prunedBy = (
  design: Design,
  list: readonly Substitution[],
  { data, temperature }: Pick<PruneOptions, "data" | "temperature">,
): Design => fitOffsets({ ...design, core: applySubstitutions(design.core, list).core }, data, temperature);

/**
 * Choose substitutions round by round: every round looks at the design that those before it made, and frees a share of its
 * gates. It ends when nothing is left to substitute.
 *
 * @remarks A generator, so that whoever measures decides how far it goes, and lets the event loop breathe.
 */
export function* pruneRounds(design: Design, options: PruneOptions): Generator<PrunedRound, void> {
  const { core } = design;
  const list: Substitution[] = [];
  let at = applySubstitutions(core, list);
  let current: Design = { ...design, core: at.core };
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
    current = fitOffsets({ ...current, core: at.core }, options.data, options.temperature);
    yield { list: [...list], design: current };
  }
}
