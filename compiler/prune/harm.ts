import { popcount } from "../../base/popcount.js";
import { firstGate, type Netlist, nodeCount } from "../ir/netlist.js";
import { evaluateNodes } from "../simulate/bit-parallel.js";
import type { CandidatePairs } from "./candidate-pairs.js";

/** What it is expected to cost to substitute nodes, by candidate pair. */
export interface Harm {
  /** Of each pair's source. */
  readonly pair: Float64Array;
  /** Shape `[nodes]`: of the source and its complement together, which is that of flipping the node. */
  readonly all: Float64Array;
}

/** The harm of substituting a node by the source of one of its pairs, or by its complement. */
export const harmOf = ({ pair, all }: Harm, node: number, at: number, complement: boolean): number =>
  complement ? all[node]! - pair[at]! : pair[at]!;

/** Words of samples looked at together. */
const WORDS = 8;
const BLOCK = 32 * WORDS;

/** Share of the samples in which node and source differ. */
export function plainHarm(
  core: Netlist,
  bits: readonly Uint32Array[],
  samples: number,
  pairs: CandidatePairs,
): Harm {
  const pair = new Float64Array(pairs.source.length);
  forBlocks(core, bits, samples, (values, _from, width) => {
    const full = width >>> 5;
    const mask = (width & 31) === 0 ? 0 : (1 << (width & 31)) - 1;
    for (let node = firstGate(core); node < nodeCount(core); node++) {
      for (let at = pairs.start[node]!; at < pairs.start[node + 1]!; at++) {
        const [i, j] = [node * WORDS, pairs.source[at]! * WORDS];
        let differ = mask === 0 ? 0 : popcount((values[i + full]! ^ values[j + full]!) & mask);
        for (let w = 0; w < full; w++) differ += popcount(values[i + w]! ^ values[j + w]!);
        pair[at]! += differ;
      }
    }
  });
  const all = new Float64Array(nodeCount(core)).fill(1);
  return { pair: pair.map((count) => count / samples), all };
}

/** Simulate block by block. @param visit gets the nodes' values, the block's first sample and how many it has. */
function forBlocks(
  core: Netlist,
  bits: readonly Uint32Array[],
  samples: number,
  visit: (values: Uint32Array, from: number, width: number) => void,
): void {
  const values = new Uint32Array(nodeCount(core) * WORDS);
  for (let from = 0; from < samples; from += BLOCK) {
    bits.forEach((row, i) => {
      for (let w = 0; w < WORDS; w++) values[(1 + i) * WORDS + w] = row[(from >>> 5) + w] ?? 0;
    });
    evaluateNodes(core, values, WORDS);
    visit(values, from, Math.min(BLOCK, samples - from));
  }
}
