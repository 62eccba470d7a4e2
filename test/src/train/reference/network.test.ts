import type { Tensor2D, Variable } from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { Random } from "../../../../base/random.js";
import { groupSumReadout } from "../../../../compiler/ir/readout.js";
import { denseLayers, layerOffsets, type Model } from "../../../../compiler/model/model.js";
import { hardPass } from "../../../../src/train/hard.js";
import type { LayerGradient } from "../../../../src/train/pass.js";
import { referenceNetwork } from "../../../../src/train/reference/network.js";
import { type LoadedTensorflow, loadTensorflow } from "../../../../src/train/reference/tensorflow.js";
import { softPass } from "../../../../src/train/soft.js";
import { randomModel, seeds } from "../../../support/random-design.js";

/**
 * A random small network: one to three layers, one to five candidates, wires that reach back over layers, votes of any
 * node with weights and offsets.
 */
function smallModel(seed: number): Model {
  const random = new Random(seed);
  const inputs = 3 + random.below(8);
  const layers = Array.from({ length: 1 + random.below(3) }, () => 2 + 2 * random.below(5));
  const model = randomModel(seed, { inputs, layers, candidates: 1 + random.below(5) });
  const nodes = layerOffsets(model).at(-1)!;
  const votes = Uint32Array.from(
    { length: 6 + random.below(10) },
    () => inputs + random.below(nodes - inputs),
  );
  const readout = groupSumReadout(["a", "b", "c"], votes.length - (votes.length % 3));
  const weight = readout.weight.map((_, i) => (i % 4 === 3 ? -2 : 1));
  return {
    ...model,
    votes: votes.subarray(0, weight.length),
    readout: { ...readout, weight, offset: Int32Array.of(0, 3, -1) },
  };
}

/** Scores, and gradients of `Σ scores * dScores`, by TensorFlow.js; zeros where the scores do not depend on a logit. */
function differentiate(
  tf: LoadedTensorflow["tf"],
  model: Model,
  mode: "hard" | "soft",
  inputs: Float32Array,
  dScores: Float32Array,
  batch: number,
) {
  const network = referenceNetwork(tf, model, mode);
  const logits = denseLayers(model, "this test").map(({ gates, candidates, wireLogits, gateLogits }) => ({
    wire: tf.variable(tf.tensor2d(wireLogits, [2 * gates, candidates])),
    gate: tf.variable(tf.tensor2d(gateLogits, [gates, 16])),
  }));
  const scores = (): Tensor2D => network.scores(logits, tf.tensor2d(inputs, [inputs.length / batch, batch]));
  const { grads } = tf.variableGrads(() => tf.sum(tf.mul(scores(), tf.tensor2d(dScores, [3, batch]))));
  const of = (variable: Variable): Float32Array =>
    (grads[variable.name]?.dataSync() as Float32Array | undefined) ?? new Float32Array(variable.size);
  const gradients = logits.map(({ wire, gate }): LayerGradient => ({ wire: of(wire), gate: of(gate) }));
  const found = { scores: scores().dataSync() as Float32Array, gradients };
  network.dispose();
  for (const { wire, gate } of logits) tf.dispose([wire, gate]);
  return found;
}

/** The largest difference between two arrays, over the largest value. */
function difference(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(found.length).toBe(expected.length);
  let [apart, scale] = [0, 1e-3];
  for (let i = 0; i < found.length; i++) {
    apart = Math.max(apart, Math.abs(found[i]! - expected[i]!));
    scale = Math.max(scale, Math.abs(expected[i]!));
  }
  return apart / scale;
}

describe.each(["cpu", "wasm"] as const)("on the %s backend", (backend) => {
  test.each(
    seeds(12).flatMap(
      (seed) =>
        [
          ["soft", seed],
          ["hard", seed],
        ] as const,
    ),
  )("TensorFlow.js's scores and gradients are those of the %s pass (seed %i)", async (mode, seed) => {
    const { tf } = await loadTensorflow([backend]);
    const batch = 32 * (1 + (seed % 2));
    const model = smallModel(seed);
    const random = new Random(seed + 1000);
    const bits = Uint32Array.from({ length: (layerOffsets(model)[0]! * batch) / 32 }, () => random.uint32());
    const inputs = Float32Array.from(
      { length: 32 * bits.length },
      (_, i) => (bits[i >>> 5]! >>> (i & 31)) & 1,
    );
    const dScores = Float32Array.from({ length: 3 * batch }, () => random.normal());
    const pass = (mode === "hard" ? hardPass : softPass)(model, batch);
    pass.forward(bits);
    pass.backward(dScores);
    const before = tf.memory().numTensors;
    tf.engine().startScope();
    const found = differentiate(tf, model, mode, inputs, dScores, batch);
    tf.engine().endScope();
    expect(tf.memory().numTensors).toBe(before);
    expect(difference(found.scores, pass.scores)).toBeLessThan(mode === "hard" ? 1e-9 : 1e-5);
    let largest = 0;
    pass.gradients.forEach(({ wire, gate }, l) => {
      expect(difference(found.gradients[l]!.wire, wire), `wires of layer ${l}`).toBeLessThan(2e-5);
      expect(difference(found.gradients[l]!.gate, gate), `gates of layer ${l}`).toBeLessThan(2e-5);
      largest = gate.reduce((most, g) => Math.max(most, Math.abs(g)), largest);
    });
    expect(largest).toBeGreaterThan(0.01);
  });
});
