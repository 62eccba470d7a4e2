import { describe, expect, test } from "vitest";
import { Random } from "../../../base/random.js";
import { encodeSamples } from "../../../compiler/ir/encoder.js";
import { classScores } from "../../../compiler/ir/readout.js";
import { predict, simulate } from "../../../compiler/simulate/bit-parallel.js";
import { makeClassifier } from "../../../compiler/simulate/classifier.js";
import { simulateFast } from "../../../compiler/simulate/machine.js";
import { encodeFast } from "../../../compiler/simulate/packer.js";
import { simulationModule } from "../../../src/simulate/module.js";
import { randomDesign, richDesign, seeds } from "../../support/random-design.js";
import { randomCodes } from "../../support/samples.js";

const module = simulationModule();

describe.each(seeds(30))("as the TypeScript interpreter (seed %i)", (seed) => {
  const random = new Random(seed);
  const [inputs, gates] = [1 + random.below(70), random.below(400)];
  const classes = 2 + random.below(12);
  const outputs = classes * (1 + random.below(30));
  const plain = randomDesign(seed, { inputs, gates, outputs, classes });
  const design = {
    ...plain,
    readout: {
      ...plain.readout,
      offset: Int32Array.from({ length: classes }, () => random.below(9) - 4),
      weight: Int32Array.from({ length: outputs }, () => (random.below(3) === 0 ? random.below(60) - 30 : 1)),
    },
  };
  const samples = 1 + random.below(1300);

  test("outputs", () => {
    const words = Math.ceil(samples / 32);
    const rows = Array.from({ length: inputs }, () =>
      Uint32Array.from({ length: words }, () => random.uint32()),
    );
    expect(simulateFast(module, design.core, rows, words)).toEqual(simulate(design.core, rows, words));
  });

  test("scores", () => {
    const words = Math.ceil(samples / 32);
    const rows = Array.from({ length: inputs }, () =>
      Uint32Array.from({ length: words }, () => random.uint32()),
    );
    const votes = simulate(design.core, rows, words);
    expect(makeClassifier(module, design).scores(rows, samples)).toEqual(
      classScores(design.readout, votes, samples),
    );
  });

  test("classes, from words, bytes and bits", () => {
    const codes = randomCodes(design, samples, seed);
    const bits = encodeSamples(design.encoder, codes, samples);
    const classifier = makeClassifier(module, design);
    const expected = predict(design, bits, samples);
    expect(classifier.predict(codes, samples)).toEqual(expected);
    expect(classifier.predict(Uint8Array.from(codes), samples)).toEqual(expected);
    expect(classifier.predict(Array.from(codes), samples)).toEqual(expected);
    expect(classifier.predictBits(bits, samples)).toEqual(expected);
    expect(encodeFast(module, design.encoder, codes, samples)).toEqual(bits);
    expect(encodeFast(module, design.encoder, Uint8Array.from(codes), samples)).toEqual(bits);
  });
});

test.each(seeds(5))("signed features, booleans and categories (seed %i)", (seed) => {
  const design = richDesign(seed);
  const codes = randomCodes(design, 1000, seed);
  const expected = predict(design, encodeSamples(design.encoder, codes, 1000), 1000);
  expect(new Set(expected).size).toBeGreaterThan(1);
  expect(makeClassifier(module, design).predict(codes, 1000)).toEqual(expected);
});
