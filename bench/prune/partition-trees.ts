import { Random } from "../../base/random.js";
import type { Activity, NearestNodes } from "../../compiler/prune/neighbours.js";

export interface TreeOptions {
  readonly seed: number;
  readonly trees: number;
  /** Nodes of a leaf, all of which are compared with each other. */
  readonly leaf: number;
}

/** Samples tried for a split; the one that splits most evenly is taken. */
const TRIED = 6;

/**
 * Find near pairs by partition trees over the nodes' activity, the other way that was tried: each tree complements the nodes
 * that are 1 at some sample, splits them by the sample that halves them best of a few, and so on down to small leaves.
 */
export function offerByTrees(
  { values, words }: Activity,
  near: Pick<NearestNodes, "offer">,
  options: TreeOptions,
): void {
  const random = Random.forPurpose(options.seed, "partition-trees");
  const nodes = values.length / words;
  const bit = (node: number, sample: number): number =>
    (values[node * words + (sample >>> 5)]! >>> (sample & 31)) & 1;
  for (let tree = 0; tree < options.trees; tree++) {
    const reference = random.below(32 * words);
    const order = Uint32Array.from({ length: nodes }, (_, node) => node);
    const split = (from: number, to: number, depth: number): void => {
      if (to - from <= options.leaf || depth > 40) {
        for (let i = from; i < Math.min(to, from + options.leaf); i++)
          for (let j = i + 1; j < Math.min(to, from + options.leaf); j++) near.offer(order[i]!, order[j]!);
        return;
      }
      const sample = evenest(order.subarray(from, to));
      let middle = from;
      for (let i = from; i < to; i++) {
        const node = order[i]!;
        if ((bit(node, sample) ^ bit(node, reference)) === 1) continue;
        order[i] = order[middle]!;
        order[middle++] = node;
      }
      split(from, middle, depth + 1);
      split(middle, to, depth + 1);
    };
    const evenest = (some: Uint32Array): number => {
      let [best, least] = [0, Number.POSITIVE_INFINITY];
      for (let k = 0; k < TRIED; k++) {
        const sample = random.below(32 * words);
        let ones = 0;
        // A thousand nodes tell how even a split is.
        const step = Math.max(1, some.length >>> 10);
        for (let i = 0; i < some.length; i += step)
          ones += bit(some[i]!, sample) ^ bit(some[i]!, reference) ? step : 0;
        const uneven = Math.abs(2 * ones - some.length);
        if (uneven < least) [best, least] = [sample, uneven];
      }
      return best;
    };
    split(0, nodes, 0);
  }
}
