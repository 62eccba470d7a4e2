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
 * The class of every sample.
 *
 * @param votes shape `[outputs][words]`, 32 samples a word as `encodeSamples` packs them.
 * @returns shape `[samples]`.
 */
export function classify(readout: Readout, votes: readonly Uint32Array[], samples: number): Uint16Array {
  const classes = readout.classNames.length;
  const scores = new Int32Array(samples * classes);
  for (let c = 0; c < classes; c++) {
    for (let s = 0; s < samples; s++) scores[s * classes + c] = readout.offset[c]!;
    for (let t = readout.start[c]!; t < readout.start[c + 1]!; t++) {
      const words = votes[readout.vote[t]!]!;
      const weight = readout.weight[t]!;
      for (let s = 0; s < samples; s++)
        scores[s * classes + c]! += weight * ((words[s >>> 5]! >>> (s & 31)) & 1);
    }
  }
  const predicted = new Uint16Array(samples);
  for (let s = 0; s < samples; s++) predicted[s] = argmax(scores.subarray(s * classes, (s + 1) * classes));
  return predicted;
}
