import type { LabelledBits } from "../../compiler/ir/labelled-bits.js";
import { sampleRows, transpose32 } from "./training-data.js";
import { type Warp, warpSample } from "./warp.js";

/** Brings batches of samples into bit rows. */
export interface Gather {
  /** Shape `[encoder bits, words]`, 32 samples a word, the last padded with zeros; of the batch gathered last. */
  readonly bits: Uint32Array;
  /** @param chosen, maps sample numbers and their warp maps, shape `[batch]`. */
  gather(chosen: Uint32Array, maps: Uint32Array): void;
}

export function makeGather(data: LabelledBits, batch: number, warp: Warp | null): Gather {
  const inputs = data.bits.length;
  const words = Math.ceil(batch / 32);
  const rowWords = Math.ceil(inputs / 32);
  const samples = warp === null ? sampleRows(data) : new Uint32Array(0);
  const rows = new Uint32Array(32 * words * rowWords);
  const bits = new Uint32Array(inputs * words);
  const block = new Uint32Array(32);
  return {
    bits,
    gather(chosen, maps) {
      for (let i = 0; i < batch; i++) {
        const row = rows.subarray(i * rowWords, (i + 1) * rowWords);
        if (warp === null) row.set(samples.subarray(chosen[i]! * rowWords, (chosen[i]! + 1) * rowWords));
        else warpSample(warp, chosen[i]!, maps[i]!, row);
      }
      for (let w = 0; w < words; w++) {
        for (let column = 0; column < rowWords; column++) {
          for (let s = 0; s < 32; s++) block[s] = rows[(32 * w + s) * rowWords + column]!;
          transpose32(block);
          const upTo = Math.min(32, inputs - 32 * column);
          for (let j = 0; j < upTo; j++) bits[(32 * column + j) * words + w] = block[j]!;
        }
      }
    },
  };
}
