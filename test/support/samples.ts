import { Random } from "../../base/random.js";
import type { Design } from "../../compiler/ir/design.js";
import { codeRange, encodeSamples } from "../../compiler/ir/encoder.js";
import { predict } from "../../compiler/simulate/bit-parallel.js";

/** Codes over the whole range of every feature, shape `[samples, features]`. */
export function randomCodes({ encoder }: Design, samples: number, seed: number): Int32Array {
  const random = new Random(seed);
  return Int32Array.from({ length: samples * encoder.features.length }, (_, i) => {
    const [lowest, highest] = codeRange(encoder.features[i % encoder.features.length]!.type);
    return lowest + random.below(highest - lowest + 1);
  });
}

/** The design's class of every sample. */
export function classesOf(design: Design, codes: Int32Array): Uint16Array {
  const samples = codes.length / design.encoder.features.length;
  return predict(design, encodeSamples(design.encoder, codes, samples), samples);
}
