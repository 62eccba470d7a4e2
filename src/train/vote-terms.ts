import type { Readout } from "../../compiler/ir/readout.js";

/** Votes that are being trained: what a readout's terms and offsets weigh, as real numbers. */
export interface VoteTerms {
  /** The terms, those that weigh nothing yet among them. */
  readonly readout: Readout;
  /** Shape `[terms + classes]`: weights, then offsets. */
  readonly parameters: Float32Array;
  /** Terms that may weigh something at a time. */
  readonly most: number;
}

/**
 * The votes of a readout, and some more that weigh nothing: those that move the loss most of the pairs of vote and class
 * that are not counted yet.
 *
 * @param slope shape `[votes, classes]`: the loss's derivative by the weight of every pair.
 * @param more how many to add.
 */
export function withMoreTerms(readout: Readout, slope: Float32Array, more: number): VoteTerms {
  const classes = readout.classNames.length;
  const weight = new Map<number, number>();
  readout.classNames.forEach((_, c) => {
    for (let t = readout.start[c]!; t < readout.start[c + 1]!; t++)
      weight.set(readout.vote[t]! * classes + c, readout.weight[t]!);
  });
  const others = Uint32Array.from(slope.keys()).filter((pair) => !weight.has(pair));
  others.sort((x, y) => Math.abs(slope[y]!) - Math.abs(slope[x]!) || x - y);
  for (const pair of others.subarray(0, more)) weight.set(pair, 0);
  const pairs = [...weight.keys()].sort((x, y) => (x % classes) - (y % classes) || x - y);
  const start = new Uint32Array(classes + 1);
  for (const pair of pairs) start[(pair % classes) + 1]!++;
  for (let c = 0; c < classes; c++) start[c + 1]! += start[c]!;
  return {
    readout: { ...readout, start, vote: Uint32Array.from(pairs, (pair) => Math.floor(pair / classes)) },
    parameters: Float32Array.from([...pairs.map((pair) => weight.get(pair)!), ...readout.offset]),
    most: readout.weight.length,
  };
}

/**
 * The readout that the parameters stand for: every weight 0 or the nearest power of two by its ratio, with its sign, so that a
 * vote stays one bit of the popcount; of the terms only the heaviest, no more than there were.
 */
export function readoutOf({ readout, parameters, most }: VoteTerms): Readout {
  const terms = readout.vote.length;
  const weights = parameters.subarray(0, terms);
  const sizes = weights.map(Math.abs).sort();
  const least = Math.max(0.5, sizes[terms - most - 1] ?? 0);
  return {
    ...readout,
    weight: Int32Array.from(weights.map((w) => (Math.abs(w) <= least ? 0 : powerOfTwo(w)))),
    offset: Int32Array.from(parameters.subarray(terms), Math.round),
  };
}

const powerOfTwo = (weight: number): number =>
  Math.sign(weight) * 2 ** Math.max(0, Math.round(Math.log2(Math.abs(weight))));

/** The gradient by every parameter, in their order: sums of their class's gradients by the scores; a hot loop. */
export function termGradient(
  { start, vote, classNames }: Readout,
  votes: readonly Uint32Array[],
  byScore: Float32Array,
  gradient: Float32Array,
): void {
  const stride = byScore.length / classNames.length;
  classNames.forEach((_, c) => {
    const own = byScore.subarray(c * stride, (c + 1) * stride);
    for (let t = start[c]!; t < start[c + 1]!; t++) gradient[t] = sumOver(votes[vote[t]!]!, own);
    gradient[vote.length + c] = own.reduce((sum, d) => sum + d, 0);
  });
}

/** Add the loss's derivative by the weight of every pair, the offsets kept in step. @param into shape `[votes, classes]`. */
export function addSlopes(votes: readonly Uint32Array[], byScore: Float32Array, into: Float32Array): void {
  const classes = into.length / votes.length;
  const stride = byScore.length / classes;
  const ones = votes.map((row) => sumOver(row, new Float32Array(stride).fill(1)));
  for (let c = 0; c < classes; c++) {
    const own = byScore.subarray(c * stride, (c + 1) * stride);
    const mean = own.reduce((sum, d) => sum + d, 0) / stride;
    votes.forEach((row, v) => {
      into[v * classes + c]! += sumOver(row, own) - mean * ones[v]!;
    });
  }
}

/** The sum of the values where the row has ones. */
function sumOver(row: Uint32Array, values: Float32Array): number {
  let sum = 0;
  for (let w = 0; w < row.length; w++)
    for (let left = row[w]!; left !== 0; left &= left - 1)
      sum += values[32 * w + 31 - Math.clz32(left & -left)]!;
  return sum;
}
