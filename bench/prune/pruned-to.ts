import type { Design } from "../../compiler/ir/design.js";
import { gateCount } from "../../compiler/ir/netlist.js";
import { applyEdits, type Edit } from "../../compiler/prune/edits.js";
import { type PruneOptions, prunedBy, pruneRounds } from "../../compiler/prune/prune-rounds.js";

/** The designs with each share of the gates removed, ascending, as near as substitutions come to it from below. */
export function* prunedTo(
  design: Design,
  shares: readonly number[],
  options: PruneOptions,
): Generator<{ readonly share: number; readonly design: Design }, void> {
  const live = gateCount(design.core);
  const wanted = shares.map((share) => ({ share, gates: (1 - share) * live }));
  let before = 0;
  for (const { list, design: at } of pruneRounds(design, options)) {
    for (; wanted.length > 0 && gateCount(at.core) <= wanted[0]!.gates; wanted.shift()) {
      const { share, gates } = wanted[0]!;
      const length = shortest(design, list, before, gates);
      yield { share, design: prunedBy(design, list.slice(0, length), options) };
    }
    if (wanted.length === 0) return;
    before = list.length;
  }
}

/** How many of the substitutions leave at most so many gates. @param low too few of them. */
function shortest(design: Design, list: readonly Edit[], low: number, gates: number): number {
  let [few, enough] = [low, list.length];
  while (enough - few > 1) {
    const middle = Math.floor((few + enough) / 2);
    const left = gateCount(applyEdits(design, list.slice(0, middle)).moved.core);
    if (left <= gates) enough = middle;
    else few = middle;
  }
  return enough;
}
