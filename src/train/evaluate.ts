import type { Model } from "../../compiler/model/model.js";
import { type DecidedGate, type DecidedPool, decide } from "./decide.js";

/** Words evaluated together. */
const BLOCK = 8;

/**
 * The trainer's own evaluator of a hard network: the classes that it gives, straight from logits and candidate
 * tables. It shares no code with freeze, the netlist or its simulator, so that agreement with those says something.
 *
 * @param bits shape `[encoder bits][words]`, 32 samples a word.
 * @returns shape `[samples]`; the lowest class index wins ties.
 */
export function predictHard(model: Model, bits: readonly Uint32Array[], samples: number): Uint16Array {
  const plan = decide(model);
  // One node more stays false: what a map without a node there reads.
  const nodes = bits.length + plan.length;
  const values = new Uint32Array((nodes + 1) * BLOCK);
  const predicted = new Uint16Array(samples);
  for (let from = 0; from * 32 < samples; from += BLOCK) {
    bits.forEach((row, i) => {
      for (let w = 0; w < BLOCK; w++) values[i * BLOCK + w] = row[from + w] ?? 0;
    });
    let next = bits.length;
    for (const node of plan) {
      if (node.kind === "gate") evaluateGate(node, values, next++, nodes);
      else evaluatePool(node, values, next++);
    }
    const upTo = Math.min(32 * BLOCK, samples - 32 * from);
    for (let s = 0; s < upTo; s++) predicted[32 * from + s] = classOf(model, values, s);
  }
  return predicted;
}

/** @param constant the node that is always false. */
function evaluateGate(
  { a, b, masks }: DecidedGate,
  values: Uint32Array,
  node: number,
  constant: number,
): void {
  const [from, other] = [(a < 0 ? constant : a) * BLOCK, (b < 0 ? constant : b) * BLOCK];
  for (let w = 0; w < BLOCK; w++) {
    const x = values[from + w]!;
    const y = values[other + w]!;
    values[node * BLOCK + w] =
      (masks[0]! & ~(x | y)) | (masks[1]! & ~x & y) | (masks[2]! & x & ~y) | (masks[3]! & x & y);
  }
}

function evaluatePool({ at, columns }: DecidedPool, values: Uint32Array, node: number): void {
  for (let w = 0; w < BLOCK; w++) {
    const read = (n: number): number => values[n * BLOCK + w]!;
    values[node * BLOCK + w] = read(at) | read(at + 1) | read(at + columns) | read(at + columns + 1);
  }
}

function classOf({ votes, readout }: Model, values: Uint32Array, s: number): number {
  let best = 0;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < readout.classNames.length; c++) {
    let score = readout.offset[c]!;
    for (let t = readout.start[c]!; t < readout.start[c + 1]!; t++) {
      const word = values[votes[readout.vote[t]!]! * BLOCK + (s >>> 5)]!;
      if (((word >>> (s & 31)) & 1) === 1) score += readout.weight[t]!;
    }
    if (score > bestScore) [best, bestScore] = [c, score];
  }
  return best;
}
