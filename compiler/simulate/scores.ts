import type { Design } from "../ir/design.js";
import { classScores } from "../ir/readout.js";
import { simulate } from "./bit-parallel.js";

/**
 * The scores of a design, a row a class.
 *
 * @param bits shape `[encoder bits][words]`, 32 samples a word.
 * @returns shape `[classes][samples]`.
 */
export function scoreRows(
  { core, readout }: Design,
  bits: readonly Uint32Array[],
  samples: number,
): Int32Array[] {
  const classes = readout.classNames.length;
  const scores = classScores(readout, simulate(core, bits, Math.ceil(samples / 32)), samples);
  return readout.classNames.map((_, cls) =>
    Int32Array.from({ length: samples }, (_, s) => scores[s * classes + cls]!),
  );
}
