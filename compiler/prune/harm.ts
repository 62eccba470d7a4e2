import { popcount } from "../../base/popcount.js";
import type { Design } from "../ir/design.js";
import { firstGate, type Netlist, nodeCount } from "../ir/netlist.js";
import { evaluateNodes } from "../simulate/bit-parallel.js";
import { propagateBack } from "./backward.js";
import type { CandidatePairs } from "./candidate-pairs.js";
import type { DecisiveSamples } from "./decisive-samples.js";

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

/**
 * What it weighs at one sample to flip a node: the size of the loss's derivative by it, or the curvature, which is what a
 * round's many flips cost as far as they are independent of each other.
 */
export type FlipWeight = "slope" | "curvature";

/** The weights of flips, summed over the samples in which node and source differ. */
export function weightedHarm(
  design: Design,
  drawn: DecisiveSamples,
  pairs: CandidatePairs,
  weight: FlipWeight,
): Harm {
  const { core } = design;
  const nodes = nodeCount(core);
  const pair = new Float64Array(pairs.source.length);
  const all = new Float64Array(nodes);
  const gradient = new Float32Array(nodes * BLOCK);
  const row = new Float32Array(BLOCK);
  const byScore = weight === "slope" ? drawn.slope : drawn.spread;
  forBlocks(core, drawn.bits, drawn.samples, (values, from) => {
    propagateBack(design, values, WORDS, { byScore, stride: drawn.samples, from }, gradient);
    for (let node = firstGate(core); node < nodes; node++) {
      let total = 0;
      for (let s = 0, at = node * BLOCK; s < BLOCK; s++, at++) {
        const d = gradient[at]!;
        row[s] = weight === "slope" ? Math.abs(d) : 0.5 * d * d;
        total += row[s]!;
      }
      all[node]! += total;
      for (let at = pairs.start[node]!; at < pairs.start[node + 1]!; at++)
        pair[at]! += overDifferences(row, values, node * WORDS, pairs.source[at]! * WORDS);
    }
  });
  return { pair, all };
}

/** The hot loop: the weights of the bits in which two rows of values differ. */
function overDifferences(row: Float32Array, values: Uint32Array, i: number, j: number): number {
  let sum = 0;
  for (let w = 0; w < WORDS; w++) {
    for (let differ = values[i + w]! ^ values[j + w]!; differ !== 0; differ &= differ - 1)
      sum += row[32 * w + 31 - Math.clz32(differ & -differ)]!;
  }
  return sum;
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
