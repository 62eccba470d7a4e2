import type { Design } from "../../../compiler/ir/design.js";
import { halves, type LabelledBits } from "../../../compiler/ir/labelled-bits.js";
import type { Edit } from "../../../compiler/prune/edits.js";
import { guardedOffsets } from "../../../compiler/prune/fitted.js";
import { type PruneOptions, prunedBy, pruneRounds } from "../../../compiler/prune/prune-rounds.js";
import { foldReadout } from "../../../compiler/prune/readout-fold.js";
import { eventLoopTurn } from "../event-loop.js";
import { type Budget, type CountLuts, isAccurate, isSmall, type Measured, measure } from "./budget.js";

/** A design, how it was made of the one before, and what it is like. */
export interface Pruned {
  readonly list: readonly Edit[];
  /** Its outputs are in their places, trimmed ones too. */
  readonly design: Design;
  /** With the readout folded. */
  readonly measured: Measured;
}

export interface SearchOptions extends PruneOptions {
  readonly validation: LabelledBits;
  readonly budget: Budget;
  readonly countLuts: CountLuts;
  readonly signal: AbortSignal;
  readonly onRound: (measured: Measured) => void;
}

/** What pruning came to. */
export interface SearchResult extends Pruned {
  /** Whether the budget is kept to; otherwise this is the nearest that was found. */
  readonly met: boolean;
}

/** Accuracy goes up and down as gates go: this much more than allowed may be lost on the way before it is given up. */
const SLACK = 0.005;

/**
 * Substitute gates, and trim votes if asked to, in the order of the ranking, one order for the whole design, as far as the
 * budget says: as little as makes the design small enough, or with a bound on accuracy alone as much as that allows. Every
 * bound is held to by measuring: after each round, then by bisection within the one in which the budget is crossed. What
 * is measured has offsets fitted to one half of the validation samples, guarded by the other.
 */
export async function pruneToBudget(design: Design, options: SearchOptions): Promise<SearchResult> {
  const { budget } = options;
  const [fit, guard] = halves(options.validation);
  const look = ({ list, design: raw }: Pick<Pruned, "list" | "design">): Pruned => {
    const fitted = list.length === 0 ? raw : guardedOffsets(raw, guard, { ...options, data: fit });
    const measured = measure(foldReadout(fitted), options.validation, budget, options.countLuts);
    return { list, design: fitted, measured };
  };
  const given = look({ list: [], design });
  const accurate = ({ measured }: Pruned, slack = 0): boolean =>
    isAccurate(budget, given.measured, measured, slack);
  const small = ({ measured }: Pruned): boolean => isSmall(budget, measured);
  const bounded = budget.maxGates !== null || budget.maxLuts !== null;
  if (bounded && small(given)) return { ...given, met: true };
  const part = (low: Pruned, high: Pruned, isLow: (at: Pruned) => boolean): Promise<[Pruned, Pruned]> =>
    bisect(
      low,
      high,
      isLow,
      (list) => look({ list, design: prunedBy(design, list, options) }),
      options.signal,
    );
  let before = given;
  /** The last that is accurate enough, and what came after it. */
  let edge: [Pruned, Pruned | null] = [given, null];
  for (const round of pruneRounds(design, options)) {
    const after = look(round);
    options.onRound(after.measured);
    await eventLoopTurn();
    options.signal.throwIfAborted();
    if (accurate(after)) edge = [after, null];
    else edge = [edge[0], edge[1] ?? after];
    if (bounded && small(after)) {
      const [, found] = await part(before, after, (at) => !small(at));
      if (accurate(found)) return { ...found, met: true };
      break;
    }
    if (!accurate(after, SLACK)) break;
    before = after;
  }
  const [last, next] = edge;
  const [best] = next === null ? [last] : await part(last, next, accurate);
  return { ...best, met: !bounded };
}

/** Narrow two prefixes of one list down to neighbours, the lower of which is low and the higher is not. */
async function bisect(
  low: Pruned,
  high: Pruned,
  isLow: (at: Pruned) => boolean,
  at: (list: readonly Edit[]) => Pruned,
  signal: AbortSignal,
): Promise<[Pruned, Pruned]> {
  let ends: [Pruned, Pruned] = [low, high];
  while (ends[1].list.length - ends[0].list.length > 1) {
    const middle = at(high.list.slice(0, Math.floor((ends[0].list.length + ends[1].list.length) / 2)));
    ends = isLow(middle) ? [middle, ends[1]] : [ends[0], middle];
    await eventLoopTurn();
    signal.throwIfAborted();
  }
  return ends;
}
