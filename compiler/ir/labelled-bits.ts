/** Samples as the network sees them, and their classes. */
export interface LabelledBits {
  readonly samples: number;
  /** Shape `[encoder bits][ceil(samples / 32)]`, 32 samples a word (`encodeSamples`). */
  readonly bits: readonly Uint32Array[];
  /** Shape `[samples]`, class indices. */
  readonly labels: Uint16Array;
}

/** The samples in two parts, the first a multiple of 32 and about half of them. */
export function halves({ samples, bits, labels }: LabelledBits): readonly [LabelledBits, LabelledBits] {
  const words = Math.ceil(samples / 64);
  const first = Math.min(samples, 32 * words);
  return [
    { samples: first, bits: bits.map((row) => row.slice(0, words)), labels: labels.slice(0, first) },
    { samples: samples - first, bits: bits.map((row) => row.slice(words)), labels: labels.slice(first) },
  ];
}

/** Share of predictions that are right; 0 for no samples. */
export function accuracyOf(predicted: ArrayLike<number>, labels: ArrayLike<number>): number {
  let right = 0;
  for (let s = 0; s < labels.length; s++) if (predicted[s] === labels[s]) right++;
  return labels.length === 0 ? 0 : right / labels.length;
}
