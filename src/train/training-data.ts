import type { Encoder } from "../../compiler/ir/encoder.js";
import type { LabelledBits } from "../../compiler/ir/labelled-bits.js";

export interface TrainingData {
  readonly encoder: Encoder;
  readonly classNames: readonly string[];
  readonly train: LabelledBits;
  readonly validation: LabelledBits;
  /** For images: rows, columns, or channels, rows, columns of the features. */
  readonly shape?: readonly number[];
  /** For images that are to be warped: shape `[training samples, features]`, quantised. */
  readonly codes?: Uint8Array;
}

/**
 * Transpose a 32 x 32 bit matrix in place: bit `j` of word `i` becomes bit `i` of word `j`
 * (Warren, "Hacker's Delight", 2nd edition, section 7-3).
 */
export function transpose32(words: Uint32Array): void {
  for (let half = 16, mask = 0x0000ffff; half > 0; half >>= 1, mask ^= mask << half) {
    for (let i = 0; i < 32; i = (i + half + 1) & ~half) {
      const moved = ((words[i]! >>> half) ^ words[i + half]!) & mask;
      words[i]! ^= moved << half;
      words[i + half]! ^= moved;
    }
  }
}

/** One row of bits a sample: shape `[samples, ceil(bits / 32)]`, bit `j` of word `w` is encoder bit `32 w + j`. */
export function sampleRows({ samples, bits }: LabelledBits): Uint32Array {
  const words = Math.ceil(bits.length / 32);
  const rows = new Uint32Array(samples * words);
  const block = new Uint32Array(32);
  for (let from = 0; from < samples; from += 32) {
    for (let w = 0; w < words; w++) {
      for (let j = 0; j < 32; j++) block[j] = bits[32 * w + j]?.[from >>> 5] ?? 0;
      transpose32(block);
      for (let s = 0; s < 32 && from + s < samples; s++) rows[(from + s) * words + w] = block[s]!;
    }
  }
  return rows;
}
