/**
 * `score[class] = offset[class] + Σ weight · vote`, all integers; the class with the highest score wins, and
 * among equal scores the lowest class index, in software and in hardware.
 */
export interface Readout {
  /** Shape `[classes]`. */
  readonly classNames: readonly string[];
  /** Shape `[classes]`. */
  readonly offset: Int32Array;
  /** Terms of class `c` are `[start[c], start[c + 1])`. */
  readonly start: Uint32Array;
  /** Shape `[terms]`: which output of the core votes. */
  readonly vote: Uint32Array;
  /** Shape `[terms]`: what the vote counts; not 0. */
  readonly weight: Int32Array;
}

/** Consecutive groups of `votes / classes` outputs, weight 1, one group a class. */
export function groupSumReadout(classNames: readonly string[], votes: number): Readout {
  const classes = classNames.length;
  if (classes < 2 || votes < classes || votes % classes !== 0) {
    throw new RangeError(`expected votes to be a positive multiple of ${classes} classes but found ${votes}`);
  }
  return {
    classNames,
    offset: new Int32Array(classes),
    start: Uint32Array.from({ length: classes + 1 }, (_, c) => (c * votes) / classes),
    vote: Uint32Array.from({ length: votes }, (_, v) => v),
    weight: new Int32Array(votes).fill(1),
  };
}

/** Bits of a class index. */
export const indexWidth = (classes: number): number => Math.max(1, Math.ceil(Math.log2(classes)));

/** Index of the highest score; the lowest index wins ties. */
export function argmax(scores: ArrayLike<number>): number {
  let best = 0;
  for (let c = 1; c < scores.length; c++) if (scores[c]! > scores[best]!) best = c;
  return best;
}

/**
 * The scores of every sample.
 *
 * @param votes shape `[outputs][words]`, 32 samples a word as `encodeSamples` packs them.
 * @returns shape `[samples, classes]`.
 */
export function classScores(readout: Readout, votes: readonly Uint32Array[], samples: number): Int32Array {
  const classes = readout.classNames.length;
  const words = Math.ceil(samples / 32);
  const scores = new Int32Array(samples * classes);
  for (let c = 0; c < classes; c++) {
    const sums = new BitSums(words);
    let offset = readout.offset[c]!;
    for (let t = readout.start[c]!; t < readout.start[c + 1]!; t++) {
      // A negative weight counts the complement.
      const weight = readout.weight[t]!;
      sums.add(votes[readout.vote[t]!]!, Math.abs(weight), weight < 0);
      offset += Math.min(0, weight);
    }
    sums.planes.forEach((plane, k) => {
      for (let s = 0; s < samples; s++) scores[s * classes + c]! += ((plane[s >>> 5]! >>> (s & 31)) & 1) << k;
    });
    for (let s = 0; s < samples; s++) scores[s * classes + c]! += offset;
  }
  return scores;
}

/** Sums of many rows of bits, 32 samples at once: plane `k` holds the sums' bits of weight `2^k`. */
class BitSums {
  readonly planes: Uint32Array[] = [];

  constructor(private readonly words: number) {}

  /** Add `weight`, not negative, wherever the row's bits, or their complements, are set. */
  add(row: Uint32Array, weight: number, complement: boolean): void {
    const flip = complement ? -1 : 0;
    for (let k = 0; 2 ** k <= weight; k++) {
      if (Math.floor(weight / 2 ** k) % 2 === 0) continue;
      for (let w = 0; w < this.words; w++) {
        let carry = row[w]! ^ flip;
        for (let p = k; carry !== 0; p++) {
          const plane = this.plane(p);
          const before = plane[w]!;
          plane[w] = before ^ carry;
          carry &= before;
        }
      }
    }
  }

  private plane(k: number): Uint32Array {
    while (this.planes.length <= k) this.planes.push(new Uint32Array(this.words));
    return this.planes[k]!;
  }
}

/**
 * The class of every sample.
 *
 * @param votes shape `[outputs][words]`, 32 samples a word as `encodeSamples` packs them.
 * @returns shape `[samples]`.
 */
export function classify(readout: Readout, votes: readonly Uint32Array[], samples: number): Uint16Array {
  const classes = readout.classNames.length;
  const scores = classScores(readout, votes, samples);
  return Uint16Array.from({ length: samples }, (_, s) =>
    argmax(scores.subarray(s * classes, (s + 1) * classes)),
  );
}
