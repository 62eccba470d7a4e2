import { describe, expect, test } from "vitest";
import { Random } from "../../../base/random.js";
import { NO_NODE } from "../../../compiler/model/conv.js";
import { largest, type Model, trainedGates } from "../../../compiler/model/model.js";
import { predictHard } from "../../../src/train/evaluate.js";
import { hardPass } from "../../../src/train/hard.js";
import { initialiseModel } from "../../../src/train/initialise.js";
import { inputMap } from "../../../src/train/initialise-conv.js";
import { requireMemory, trainingSize } from "../../../src/train/memory.js";
import type { Pass } from "../../../src/train/pass.js";
import { softPass } from "../../../src/train/soft.js";
import { convModel, unroll } from "../../support/conv-model.js";
import { seeds, smallEncoder } from "../../support/random-design.js";

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

describe("sizes", () => {
  const encoder = smallEncoder(3 * 64);
  const bits = { samples: 0, bits: [], labels: new Uint16Array(0) };
  const data = { encoder, shape: [8, 8], classNames: ["a", "b"], train: bits, validation: bits };
  const conv = [
    { kernels: 5, depth: 3, candidates: 4, size: 3, stride: 1, pool: true },
    { kernels: 6, depth: 2, candidates: 99, size: 2, stride: 1, pool: false },
  ];
  const network = { layers: [40], candidates: 8, locality: null, votes: "last", temperature: null } as const;

  test("what is announced is what is made", () => {
    const { layers } = initialiseModel(data, { ...network, conv }, 1);
    const { gates, parameters } = trainingSize({ ...network, conv }, 8, 100, data);
    expect(gates).toBe(trainedGates(layers).unrolled);
    expect(parameters).toBe(
      layers.reduce((sum, { wireLogits, gateLogits }) => sum + wireLogits.length + gateLogits.length, 0),
    );
  });

  test("gates begin by passing on their first input", () => {
    const { layers } = initialiseModel(data, { ...network, conv }, 1);
    for (const { kind, gateLogits } of layers) {
      if (kind === "dense") continue;
      for (let g = 0; g < gateLogits.length; g += 16) expect(largest(gateLogits, g, 16)).toBe(3);
    }
  });

  test("an absurd number of kernels is refused before any is made", () => {
    const absurd = trainingSize({ ...network, conv: [{ ...conv[0]!, kernels: 1e8 }] }, 8, 100, data);
    expect(() => requireMemory(absurd)).toThrow("25,200,000,040 gates: expected to need no more than");
  });
});

test("the map has a channel a threshold, and no node where the encoder dropped the bit", () => {
  const features = Array.from({ length: 12 }, (_, f) => ({
    name: `${f}`,
    type: { kind: "fixed", signed: false, width: 8, scale: 1 } as const,
  }));
  const at = (feature: number, value: number) => ({ feature, test: "at-least" as const, value });
  // Two channels of 2 x 3 pixels: one threshold that all have, one that two pixels of the second channel have.
  const bits = [...features.map((_, f) => at(f, 100)), at(7, 50), at(11, 50)];
  const { shape, nodes } = inputMap({ features, bits }, [2, 2, 3]);
  expect(shape).toEqual([3, 2, 3]);
  const rows = [0, 1, 2].map((channel) => [...nodes.subarray(6 * channel, 6 * channel + 6)]);
  expect(rows[0]).toEqual([0, 1, 2, 3, 4, 5]);
  expect(rows[1]).toEqual([NO_NODE, 12, NO_NODE, NO_NODE, NO_NODE, 13]);
  expect(rows[2]).toEqual([6, 7, 8, 9, 10, 11]);
});
