import type { Design } from "../ir/design.js";
import { simulate } from "./bit-parallel.js";

/**
 * The score of every class.
 *
 * @param bits shape `[encoder bits][words]`, 32 samples a word.
 * @returns shape `[classes][samples]`.
 */
export function classScores(
  { core, readout }: Design,
  bits: readonly Uint32Array[],
  samples: number,
): Int32Array[] {
  const votes = simulate(core, bits, Math.ceil(samples / 32));
  return readout.classNames.map((_, cls) => {
    const scores = new Int32Array(samples).fill(readout.offset[cls]!);
    for (let t = readout.start[cls]!; t < readout.start[cls + 1]!; t++) {
      const row = votes[readout.vote[t]!]!;
      for (let s = 0; s < samples; s++) scores[s]! += readout.weight[t]! * ((row[s >>> 5]! >>> (s & 31)) & 1);
    }
    return scores;
  });
}
