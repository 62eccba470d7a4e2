import { expect, test } from "vitest";
import { Random } from "../../../base/random.js";
import { encodeSamples } from "../../../compiler/ir/encoder.js";
import { predict } from "../../../compiler/simulate/bit-parallel.js";
import { predictSamples } from "../../../src/simulate/predict.js";
import { randomDesign } from "../../support/random-design.js";

test("threads change nothing, however few samples each of them gets", async () => {
  const design = randomDesign(3, { inputs: 40, gates: 300, outputs: 30, classes: 5 });
  const random = new Random(4);
  for (const samples of [1, 2, 3000]) {
    const codes = Uint8Array.from({ length: samples * design.encoder.features.length }, () =>
      random.below(16),
    );
    const expected = predict(design, encodeSamples(design.encoder, codes, samples), samples);
    for (const threads of [1, 3])
      expect(await predictSamples(design, codes, samples, threads)).toEqual(expected);
  }
});
