import { z } from "zod";
import { UserError } from "../../base/errors.js";
import type { Model, ModelLayer } from "../../compiler/model/model.js";
import {
  decodeSafetensors,
  encodeSafetensors,
  type Tensor,
  type TensorData,
} from "../../compiler/model/safetensors.js";
import { type Moments, zeroMoments } from "./adam.js";
import type { Sampler } from "./sampler.js";

/** One validation. */
export interface HistoryRow {
  readonly step: number;
  /** Mean over the steps since the last validation, nats. */
  readonly loss: number;
  readonly trainAccuracy: number;
  readonly validationAccuracy: number;
}

/** Adam's moments of a layer's logits. */
export interface LayerMoments {
  readonly wire: Moments;
  readonly gate: Moments;
}

/** All that changes while training. */
export interface TrainingState {
  /** Steps done. */
  step: number;
  readonly model: Model;
  readonly moments: readonly LayerMoments[];
  readonly sampler: Sampler;
  /** The layers when validation accuracy was best. */
  readonly best: readonly ModelLayer[];
  history: HistoryRow[];
  sinceValidation: { steps: number; loss: number; right: number };
  keepBest(): void;
  /** Take over what a checkpoint holds. */
  load(saved: Saved): void;
}

const SavedSchema = z.object({
  identity: z.string(),
  step: z.int(),
  done: z.int(),
  random: z.array(z.number().nullable()),
  history: z.array(
    z.object({ step: z.int(), loss: z.number(), trainAccuracy: z.number(), validationAccuracy: z.number() }),
  ),
  sinceValidation: z.object({ steps: z.int(), loss: z.number(), right: z.int() }),
});
type Saved = z.infer<typeof SavedSchema> & { readonly tensors: ReadonlyMap<string, Tensor> };

/** Nothing trained yet. */
export function freshState(model: Model, sampler: Sampler): TrainingState {
  const best = model.layers.map((layer) => ({
    ...layer,
    candidateIndex: layer.candidateIndex.slice(),
    wireLogits: layer.wireLogits.slice(),
    gateLogits: layer.gateLogits.slice(),
  }));
  const moments = model.layers.map(({ wireLogits, gateLogits }) => ({
    wire: zeroMoments(wireLogits.length),
    gate: zeroMoments(gateLogits.length),
  }));
  const state: TrainingState = {
    step: 0,
    model,
    moments,
    sampler,
    best,
    history: [],
    sinceValidation: { steps: 0, loss: 0, right: 0 },
    keepBest() {
      model.layers.forEach((layer, l) => {
        best[l]!.candidateIndex.set(layer.candidateIndex);
        best[l]!.wireLogits.set(layer.wireLogits);
        best[l]!.gateLogits.set(layer.gateLogits);
      });
    },
    load(saved) {
      state.step = saved.step;
      state.history = saved.history;
      state.sinceValidation = saved.sinceValidation;
      for (const [name, data] of Object.entries(arraysOf(state)))
        (data as Float32Array).set(saved.tensors.get(name)!.data);
      // JSON has no NaN, which the random generator's state may hold.
      const random = saved.random.map((word) => word ?? Number.NaN);
      const tensor = (name: string): TensorData => saved.tensors.get(name)!.data;
      sampler.restore({
        random,
        done: saved.done,
        order: tensor("order") as Uint32Array,
        weight: tensor("weight") as Float32Array,
        shares: tensor("shares") as Float32Array,
      });
    },
  };
  return state;
}

/** Every array of a state that a checkpoint holds, but for the sampler's. */
function arraysOf({ model, moments, best }: TrainingState): Record<string, TensorData> {
  const arrays: Record<string, TensorData> = {};
  model.layers.forEach((layer, l) => {
    const { wire, gate } = moments[l]!;
    Object.assign(arrays, {
      [`${l}.candidates`]: layer.candidateIndex,
      [`${l}.wire`]: layer.wireLogits,
      [`${l}.gate`]: layer.gateLogits,
      [`${l}.wire.first`]: wire.first,
      [`${l}.wire.second`]: wire.second,
      [`${l}.gate.first`]: gate.first,
      [`${l}.gate.second`]: gate.second,
      [`${l}.best.candidates`]: best[l]!.candidateIndex,
      [`${l}.best.wire`]: best[l]!.wireLogits,
      [`${l}.best.gate`]: best[l]!.gateLogits,
    });
  });
  return arrays;
}

/** A checkpoint: going on from it gives the same bits as never having stopped. */
export function encodeState(state: TrainingState, identity: string): Uint8Array {
  const { random, done, order, weight, shares } = state.sampler.save();
  const { step, history, sinceValidation } = state;
  const tensors = Object.entries({ ...arraysOf(state), order, weight, shares }).map(([name, data]) => [
    name,
    { shape: [data.length], data },
  ]);
  return encodeSafetensors(Object.fromEntries(tensors), {
    state: JSON.stringify({ identity, step, done, random, history, sinceValidation }),
  });
}

/**
 * What a checkpoint holds.
 *
 * @throws {UserError} when it is damaged or of another training: what was trained so far is not thrown away unasked.
 */
export function decodeState(bytes: Uint8Array, { identity, where }: CheckpointName): Saved {
  const fail = (found: string): never => {
    throw new UserError(
      "train/checkpoint",
      `${where}: expected a checkpoint of this training but found ${found}`,
      "go on with the options and data that it was begun with, or begin anew with --force",
    );
  };
  let saved: Saved;
  try {
    const { tensors, metadata } = decodeSafetensors(bytes, where);
    saved = { ...SavedSchema.parse(JSON.parse(metadata["state"] ?? "")), tensors };
  } catch {
    return fail("a damaged one");
  }
  return saved.identity === identity ? saved : fail("one of other options or data");
}

/** Which training a checkpoint is of, and where it stands, for errors. */
export interface CheckpointName {
  readonly identity: string;
  readonly where: string;
}
