import { describe, expect, test } from "vitest";
import { Random } from "../../../base/random.js";
import type { Model } from "../../../compiler/model/model.js";
import { predictHard } from "../../../src/train/evaluate.js";
import { hardPass } from "../../../src/train/hard.js";
import type { Pass } from "../../../src/train/pass.js";
import { softPass } from "../../../src/train/soft.js";
import { convModel, unroll } from "../../support/conv-model.js";
import { seeds } from "../../support/random-design.js";

const SAMPLES = 50;

/** Random bits, shape `[inputs][2]`. */
function randomBits(seed: number, inputs: number): Uint32Array[] {
  const random = new Random(seed);
  return Array.from({ length: inputs }, () => Uint32Array.from({ length: 2 }, () => random.uint32()));
}

/** Scores and gradients for random score gradients. */
function runPass(pass: Pass, bits: readonly Uint32Array[], seed: number): Pass {
  pass.forward(Uint32Array.from(bits.flatMap((row) => [...row])));
  const random = new Random(seed);
  const dScores = new Float32Array(2 * pass.stride);
  for (let c = 0; c < 2; c++)
    for (let s = 0; s < SAMPLES; s++) dScores[c * pass.stride + s] = random.normal();
  pass.backward(dScores);
  return pass;
}

/** The largest gradient of a convolutional layer, after holding every one to the sum over its copies. */
function compareGradients(
  model: Model,
  found: Pass,
  copies: ReturnType<typeof unroll>["copies"],
  dense: Pass,
): number {
  let largest = 0;
  copies.forEach((parts, l) => {
    for (const kind of ["wire", "gate"] as const) {
      expect(parts[kind].length).toBe(found.gradients[l]![kind].length);
      parts[kind].forEach(({ layer, at }, i) => {
        const expected = at.reduce((sum, j) => sum + dense.gradients[layer]![kind][j]!, 0);
        const gradient = found.gradients[l]![kind][i]!;
        expect(Math.abs(gradient - expected), `layer ${l}, ${kind} ${i}`).toBeLessThan(
          1e-3 * (1 + Math.abs(expected)),
        );
        if (model.layers[l]!.kind === "conv") largest = Math.max(largest, Math.abs(gradient));
      });
    }
  });
  return largest;
}

describe("a convolutional network is its unrolled one", () => {
  test.each(seeds(12))("hard scores, classes, and gradients summed over positions (seed %i)", (seed) => {
    const model = convModel(seed);
    const { model: flat, copies } = unroll(model);
    const bits = randomBits(seed, model.encoder.bits.length);
    const [found, dense] = [model, flat].map((m) => runPass(hardPass(m, SAMPLES), bits, seed));
    expect(found!.scores).toEqual(dense!.scores);
    expect(compareGradients(model, found!, copies, dense!)).toBeGreaterThan(0.01);
    const classes = predictHard(model, bits, SAMPLES);
    expect(classes).toEqual(predictHard(flat, bits, SAMPLES));
    for (let s = 0; s < SAMPLES; s++)
      expect(classes[s]).toBe(found!.scores[s]! >= found!.scores[found!.stride + s]! ? 0 : 1);
  });
  test.each(seeds(6))("soft scores and gradients (seed %i)", (seed) => {
    const model = convModel(seed);
    const { model: flat, copies } = unroll(model);
    const bits = randomBits(seed, model.encoder.bits.length);
    const [found, dense] = [model, flat].map((m) => runPass(softPass(m, SAMPLES), bits, seed));
    found!.scores.forEach((score, i) => {
      expect(Math.abs(score - dense!.scores[i]!)).toBeLessThan(1e-4);
    });
    expect(compareGradients(model, found!, copies, dense!)).toBeGreaterThan(1e-4);
  });
});
