/** Samples as the network sees them, and their classes. */
export interface LabelledBits {
  readonly samples: number;
  /** Shape `[encoder bits][ceil(samples / 32)]`, 32 samples a word (`encodeSamples`). */
  readonly bits: readonly Uint32Array[];
  /** Shape `[samples]`, class indices. */
  readonly labels: Uint16Array;
}
