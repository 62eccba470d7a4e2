import type { Design } from "../ir/design.js";
import { GateKind } from "../ir/gate-functions.js";
import { firstGate, type Netlist } from "../ir/netlist.js";

/** Below this a gradient counts as 0: products of small floats would become subnormal, and those are slow. */
const TINY = 1e-18;

/** Which of the rows of scores' gradients a block of samples is: columns from `from` on, of `stride` in all. */
export interface ScoreRows {
  /** Shape `[classes, stride]`. */
  readonly byScore: Float32Array;
  readonly stride: number;
  readonly from: number;
}

/** What nodes do as votes themselves; samples past the last one get 0. */
function votesGradient(
  { core, readout }: Design,
  words: number,
  { byScore, stride, from }: ScoreRows,
  into: Float32Array,
): void {
  const width = Math.min(32 * words, stride - from);
  const block = 32 * words;
  into.fill(0);
  for (let c = 0; c < readout.classNames.length; c++) {
    const row = byScore.subarray(c * stride + from, c * stride + from + width);
    for (let t = readout.start[c]!; t < readout.start[c + 1]!; t++) {
      const literal = core.outputs[readout.vote[t]!]!;
      const weight = (literal & 1) === 1 ? -readout.weight[t]! : readout.weight[t]!;
      const at = (literal >>> 1) * block;
      for (let s = 0; s < width; s++) into[at + s]! += weight * row[s]!;
    }
  }
}

/**
 * Carry a gradient by the scores back to every node of the core: the derivative of the gates' multilinear extensions at
 * the bits that the nodes have.
 *
 * @param values shape `[nodes, words]`, what every node is (`evaluateNodes`).
 * @param into shape `[nodes, 32 words]`, overwritten.
 */
export function propagateBack(
  design: Design,
  values: Uint32Array,
  words: number,
  rows: ScoreRows,
  into: Float32Array,
): void {
  votesGradient(design, words, rows, into);
  const { core } = design;
  for (let g = core.kind.length - 1; g >= 0; g--) backThroughGate(core, g, values, words, into);
}

/** The hot loop: from one gate to its fanins. */
function backThroughGate(
  core: Netlist,
  g: number,
  values: Uint32Array,
  words: number,
  into: Float32Array,
): void {
  const node = firstGate(core) + g;
  const [f0, f1] = [core.fanin0[g]!, core.fanin1[g]!];
  const [a, b] = [f0 >>> 1, f1 >>> 1];
  const isAnd = core.kind[g] === GateKind.And;
  const signA = (f0 & 1) === 1 ? -1 : 1;
  const signB = (f1 & 1) === 1 ? -1 : 1;
  for (let w = 0; w < words; w++) {
    const x = values[a * words + w]! ^ -(f0 & 1);
    const y = values[b * words + w]! ^ -(f1 & 1);
    const at = (node * words + w) * 32;
    const toA = (a * words + w) * 32;
    const toB = (b * words + w) * 32;
    for (let s = 0; s < 32; s++) {
      const d = into[at + s]!;
      if (d < TINY && d > -TINY) continue;
      const [p, q] = [(x >>> s) & 1, (y >>> s) & 1];
      into[toA + s]! += signA * d * (isAnd ? q : 1 - 2 * q);
      into[toB + s]! += signB * d * (isAnd ? p : 1 - 2 * p);
    }
  }
}
