import type { Design } from "../../compiler/ir/design.js";
import { accuracyOf } from "../../compiler/ir/labelled-bits.js";
import { freeze } from "../../compiler/model/freeze.js";
import type { Model } from "../../compiler/model/model.js";
import { thaw } from "../../compiler/model/thaw.js";
import { predictHard } from "../train/evaluate.js";
import type { HistoryRow } from "../train/state.js";
import { type StepHooks, type StepOptions, trainModel } from "../train/train.js";
import type { TrainingData } from "../train/training-data.js";

export interface TuneOptions extends Omit<StepOptions, "mode"> {
  /** Candidate fanins of each gate input, the present one among them. */
  readonly candidates: number;
  /** Divides the scores before the softmax. */
  readonly temperature: number;
}

export interface Tuned {
  /** The design that the tuned model freezes to: no more gates than before. */
  readonly design: Design;
  readonly model: Model;
  /** Share of the validation samples that are right, before and after. */
  readonly validation: { readonly before: number; readonly after: number };
  readonly history: readonly HistoryRow[];
}

/**
 * Train a design on: its gates and wires are hard, their logits live. The result has at most as many gates, and is never
 * less accurate on the validation samples: where training does not help, it is the design itself.
 *
 * @param design without complemented or constant outputs (`foldReadout`): those would become gates.
 */
export async function fineTune(
  design: Design,
  data: TrainingData,
  options: TuneOptions,
  hooks: StepHooks,
): Promise<Tuned> {
  const start = (): Model => thaw(design, options);
  const right = (model: Model): number => {
    const { bits, samples, labels } = data.validation;
    return accuracyOf(predictHard(model, bits, samples), labels);
  };
  const before = right(start());
  const trained = await trainModel(start(), data, { ...options, mode: "hard" }, hooks);
  const after = right(trained.model);
  const model = after < before ? start() : trained.model;
  return {
    design: freeze(model).design,
    model,
    validation: { before, after: Math.max(before, after) },
    history: trained.history,
  };
}

export interface Alternation<T> {
  /** Make the design smaller, as far as this round says. */
  readonly prune: (design: Design, round: T) => Promise<Design>;
  readonly tune: (design: Design, round: T) => Promise<Design>;
}

/** Prune and tune in turn, one round after the other. */
export async function pruneAndTune<T>(
  design: Design,
  rounds: readonly T[],
  { prune, tune }: Alternation<T>,
): Promise<Design> {
  let current = design;
  for (const round of rounds) current = await tune(await prune(current, round), round);
  return current;
}
