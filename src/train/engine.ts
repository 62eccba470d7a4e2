import type { LabelledBits } from "../../compiler/ir/labelled-bits.js";
import type { Model } from "../../compiler/model/model.js";
import { type AdamStep, adamStep } from "./adam.js";
import { makeGather } from "./gather.js";
import { hardPass } from "./hard.js";
import { crossEntropy } from "./loss.js";
import type { Pass } from "./pass.js";
import type { Batches } from "./sampler.js";
import { softPass } from "./soft.js";
import type { LayerMoments } from "./state.js";
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
  /** Take over what model and moments were set to: candidates, logits and moments. */
  load(): void;
  close(): Promise<void>;
}

export type MakeEngine = (input: EngineInput) => Promise<Engine>;

/** Does one step at a time on batches that are brought to it. */
export interface Stepper {
  /** Samples a row of bits and scores. */
  readonly stride: number;
  /**
   * Forward, backward, Adam.
   *
   * @param bits shape `[encoder bits, stride / 32]`, 32 samples a word.
   * @param loss gives the gradient by the scores from the scores, both of shape `[classes, stride]`.
   */
  step(bits: Uint32Array, loss: (scores: Float32Array) => Float32Array, at: AdamStep): void;
  /** As the engine's. */
  save(): void;
  load(): void;
  close(): void;
}

/** The engine around a stepper: batches, loss and the results of each step. */
export const stepperEngine =
  (makeStepper: (input: EngineInput) => Promise<Stepper>): MakeEngine =>
  async (input) => {
    const { model, data, warp, batch, mode, decay } = input;
    const stepper = await makeStepper(input);
    const gather = makeGather(data, batch, warp);
    const classes = model.readout.classNames.length;
    const gradient = new Float32Array(classes * stepper.stride);
    // Straight-through gradients are sums over the batch and leave the temperature out: Adam divides scales out again.
    const scale = mode === "hard" ? 1 : 1 / (batch * model.temperature);
    const shape = { classes, stride: stepper.stride, temperature: model.temperature, scale };
    return {
      async train({ steps, chosen, maps, weights }, first, rates) {
        const results = emptyResults(steps * batch);
        for (let k = 0; k < steps; k++) {
          const [from, to] = [k * batch, (k + 1) * batch];
          const samples = chosen.subarray(from, to);
          gather.gather(samples, maps.subarray(from, to));
          const labels = Uint16Array.from(samples, (sample) => data.labels[sample]!);
          const loss = (scores: Float32Array): Float32Array => {
            const part = crossEntropy(scores, labels, weights.subarray(from, to), shape, gradient);
            results.losses.set(part.losses, from);
            results.shares.set(part.shares, from);
            results.right.set(part.right, from);
            return gradient;
          };
          stepper.step(gather.bits, loss, { rate: rates[k]!, step: first + k + 1, decay });
        }
        return results;
      },
      save: () => stepper.save(),
      load: () => stepper.load(),
      close: async () => stepper.close(),
    };
  };

/** Plain TypeScript loops, which other engines are held to. */
export const plainEngine = stepperEngine(async ({ model, moments, batch, mode }) => {
  const pass: Pass = mode === "hard" ? hardPass(model, batch) : softPass(model, batch);
  return {
    stride: pass.stride,
    step(bits, loss, at) {
      pass.forward(bits);
      pass.backward(loss(pass.scores));
      model.layers.forEach((layer, l) => {
        const { wire, gate } = pass.gradients[l]!;
        adamStep(layer.wireLogits, wire, moments[l]!.wire, at);
        adamStep(layer.gateLogits, gate, moments[l]!.gate, at);
      });
    },
    save() {},
    load() {},
    close() {},
  };
});

export const emptyResults = (samples: number): StepResults => ({
  losses: new Float32Array(samples),
  shares: new Float32Array(samples),
  right: new Uint8Array(samples),
});
