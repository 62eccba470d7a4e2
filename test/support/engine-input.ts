import { Random } from "../../base/random.js";
import type { LabelledBits } from "../../compiler/ir/labelled-bits.js";
import type { Model } from "../../compiler/model/model.js";
import { zeroMoments } from "../../src/train/adam.js";
import type { EngineInput, MakeEngine } from "../../src/train/engine.js";
import type { Batches } from "../../src/train/sampler.js";

/** Samples of `randomData`. */
export const SAMPLES = 333;

/** Random bits and labels for a model. */
export function randomData(seed: number, model: Model): LabelledBits {
  const random = new Random(seed);
  return {
    samples: SAMPLES,
    bits: model.encoder.bits.map(() =>
      Uint32Array.from({ length: Math.ceil(SAMPLES / 32) }, () => random.uint32()),
    ),
    labels: Uint16Array.from({ length: SAMPLES }, () => random.below(model.readout.classNames.length)),
  };
}

/** Batches of random samples with random weights. */
export function randomBatches(seed: number, steps: number, batch: number, maps = 1): Batches {
  const random = new Random(seed);
  const each = (value: () => number): number[] => Array.from({ length: steps * batch }, value);
  return {
    steps,
    chosen: Uint32Array.from(each(() => random.below(SAMPLES))),
    weights: Float32Array.from(each(() => 0.5 + random.uniform())),
    maps: Uint32Array.from(each(() => random.below(maps))),
  };
}

/** A copy that may be trained, with moments and random data. */
export function engineInput(model: Model, batch: number, more: Partial<EngineInput> = {}): EngineInput {
  const layers = model.layers.map((layer) => ({
    ...layer,
    wireLogits: layer.wireLogits.slice(),
    gateLogits: layer.gateLogits.slice(),
  }));
  const moments = layers.map(({ wireLogits, gateLogits }) => ({
    wire: zeroMoments(wireLogits.length),
    gate: zeroMoments(gateLogits.length),
  }));
  const data = randomData(7, model);
  return {
    model: { ...model, layers },
    moments,
    data,
    warp: null,
    batch,
    mode: "hard",
    decay: 0.01,
    ...more,
  };
}

/** Train some batches with a new engine; gives what it came to. */
export async function trained(make: MakeEngine, given: EngineInput, batches: Batches) {
  const engine = await make(given);
  const results = await engine.train(batches, 0, new Float32Array(batches.steps).fill(0.03));
  engine.save();
  await engine.close();
  return { results, model: given.model, moments: given.moments };
}
