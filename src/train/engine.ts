import type { Model } from "../../compiler/model/model.js";
import { adamStep } from "./adam.js";
import { makeGather } from "./gather.js";
import { hardPass } from "./hard.js";
import { crossEntropy } from "./loss.js";
import type { Pass } from "./pass.js";
import type { Batches } from "./sampler.js";
import { softPass } from "./soft.js";
import type { LayerMoments } from "./state.js";
import type { LabelledBits } from "./training-data.js";
import type { Warp } from "./warp.js";

/** What an engine trains on. */
export interface EngineInput {
  readonly model: Model;
  readonly moments: readonly LayerMoments[];
  readonly data: LabelledBits;
  readonly warp: Warp | null;
  readonly batch: number;
  readonly mode: "hard" | "soft";
  /** Decoupled weight decay: a step multiplies logits by `1 - rate * decay`. */
  readonly decay: number;
}

/** Results of some steps, row-major `[steps, batch]`. */
export interface StepResults {
  /** Nats, without sample weights. */
  readonly losses: Float32Array;
  /** What the softmax gave the right class. */
  readonly shares: Float32Array;
  /** 1 where the right class won. */
  readonly right: Uint8Array;
}

/** Does the steps: forward, loss, backward, Adam. */
export interface Engine {
  /** @param first number of the first step, from 0; `rates` the learning rate of each. */
  train(batches: Batches, first: number, rates: Float32Array): Promise<StepResults>;
  /** Bring model and moments up to date. */
  save(): void;
  /** Take over what model and moments were set to. */
  load(): void;
  close(): Promise<void>;
}

export type MakeEngine = (input: EngineInput) => Promise<Engine>;

/** Plain TypeScript loops, which other engines are held to. */
export const plainEngine: MakeEngine = async ({ model, moments, data, warp, batch, mode, decay }) => {
  const hard = mode === "hard";
  const pass: Pass = hard ? hardPass(model, batch) : softPass(model, batch);
  const gather = makeGather(data, batch, warp);
  const classes = model.readout.classNames.length;
  const gradient = new Float32Array(classes * pass.stride);
  const labels = new Uint16Array(batch);
  // Straight-through gradients are sums over the batch and leave the temperature out: Adam divides scales out again.
  const scale = hard ? 1 : 1 / (batch * model.temperature);
  const step = (chosen: Uint32Array, maps: Uint32Array, weights: Float32Array, t: number, rate: number) => {
    gather.gather(chosen, maps);
    chosen.forEach((sample, i) => {
      labels[i] = data.labels[sample]!;
    });
    pass.forward(gather.bits);
    const results = crossEntropy(
      pass.scores,
      labels,
      weights,
      { classes, stride: pass.stride, temperature: model.temperature, scale },
      gradient,
    );
    pass.backward(gradient);
    model.layers.forEach((layer, l) => {
      const { wire, gate } = pass.gradients[l]!;
      adamStep(layer.wireLogits, wire, moments[l]!.wire, { rate, step: t + 1, decay });
      adamStep(layer.gateLogits, gate, moments[l]!.gate, { rate, step: t + 1, decay });
    });
    return results;
  };
  return {
    async train({ steps, chosen, maps, weights }, first, rates) {
      const results = emptyResults(steps * batch);
      for (let k = 0; k < steps; k++) {
        const [from, to] = [k * batch, (k + 1) * batch];
        const part = step(
          chosen.subarray(from, to),
          maps.subarray(from, to),
          weights.subarray(from, to),
          first + k,
          rates[k]!,
        );
        results.losses.set(part.losses, from);
        results.shares.set(part.shares, from);
        results.right.set(part.right, from);
      }
      return results;
    },
    save() {},
    load() {},
    async close() {},
  };
};

export const emptyResults = (samples: number): StepResults => ({
  losses: new Float32Array(samples),
  shares: new Float32Array(samples),
  right: new Uint8Array(samples),
});
