import { invariant } from "../../base/errors.js";
import type { Readout } from "../ir/readout.js";
import { FALSE_SLOT, TRUE_SLOT } from "./program.js";

/** The readout as `score` runs it (assembly/score.ts). */
export interface ScoringProgram {
  readonly words: Uint32Array;
  /** What all scores have in common, and the kernel leaves out. */
  readonly least: number;
  readonly classes: number;
  /** Bits of the highest score. */
  readonly planes: number;
  readonly indexBits: number;
}

/** Votes that the kernel adds at once. */
const EIGHT = 8;
/** Bits of a score that the kernel has room for. */
const PLANES = 30;

/**
 * Plan the scores: what every class has in common is left out, so that no score is negative, and a vote of weight 5 is
 * added to the planes of 1 and of 4.
 *
 * @param votes shape `[outputs]`: `2 * slot + complement` of every output of the core.
 * @param address of a slot.
 */
export function compileScoring(
  readout: Readout,
  votes: Uint32Array,
  address: (slot: number) => number,
): ScoringProgram {
  const classes = readout.classNames.length;
  const sums = Array.from({ length: classes }, (_, c) => classSum(readout, c, votes));
  const least = Math.min(...sums.map(({ base }) => base));
  const highest = Math.max(...sums.map(({ base, total }) => base + total)) - least;
  invariant(highest < 2 ** PLANES, `scores differ by up to ${highest}`);
  const words: number[] = [];
  for (const { base, runs } of sums) {
    words.push(base - least, runs.size);
    for (const [key, slots] of runs) {
      const flip = key >= PLANES;
      const padded = EIGHT * Math.ceil(slots.length / EIGHT);
      words.push(key % PLANES, flip ? 0xffff_ffff : 0, padded / EIGHT);
      for (let t = 0; t < padded; t++) words.push(address(slots[t] ?? (flip ? TRUE_SLOT : FALSE_SLOT)));
    }
  }
  const bitsOf = (n: number): number => 32 - Math.clz32(n);
  return {
    words: Uint32Array.from(words),
    least,
    classes,
    planes: bitsOf(highest),
    indexBits: bitsOf(classes - 1),
  };
}

interface ClassSum {
  readonly base: number;
  /** What the runs add at most. */
  readonly total: number;
  /** Slots that are added to plane `key`; from `PLANES` on, their complements to plane `key - PLANES`. */
  readonly runs: ReadonlyMap<number, number[]>;
}

/** The score of a class as `base + Σ 2^plane · (slot or its complement)`. */
function classSum({ offset, start, vote, weight }: Readout, c: number, votes: Uint32Array): ClassSum {
  const runs = new Map<number, number[]>();
  let [base, total] = [offset[c]!, 0];
  for (let t = start[c]!; t < start[c + 1]!; t++) {
    const literal = votes[vote[t]!]!;
    const complement = (literal & 1) === 1;
    // w · ~s = w - w · s, and w · s = |w| · ~s - |w| where w < 0.
    const factor = complement ? -weight[t]! : weight[t]!;
    if (complement) base += weight[t]!;
    if (factor < 0) base += factor;
    total += Math.abs(factor);
    for (let rest = Math.abs(factor), plane = factor < 0 ? PLANES : 0; rest > 0; rest >>>= 1, plane++) {
      if ((rest & 1) === 0) continue;
      const slots = runs.get(plane);
      if (slots === undefined) runs.set(plane, [literal >>> 1]);
      else slots.push(literal >>> 1);
    }
  }
  return { base, total, runs };
}
