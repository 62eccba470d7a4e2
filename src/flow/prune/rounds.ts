import { count, percent } from "../../../base/format.js";
import type { Design } from "../../../compiler/ir/design.js";
import { accuracyOf, halves, type LabelledBits } from "../../../compiler/ir/labelled-bits.js";
import { gateCount } from "../../../compiler/ir/netlist.js";
import type { Model } from "../../../compiler/model/model.js";
import { thaw } from "../../../compiler/model/thaw.js";
import { guardedOffsets } from "../../../compiler/prune/fitted.js";
import { foldReadout } from "../../../compiler/prune/readout-fold.js";
import { predict } from "../../../compiler/simulate/bit-parallel.js";
import type { Config } from "../../config/schema.js";
import { simulationModule } from "../../simulate/module.js";
import type { TrainProgress } from "../../train/train.js";
import { trainVotes } from "../../train/votes.js";
import { encodeSplit, type PreparedData, trainingData } from "../prepared-data.js";
import type { StageContext } from "../stage.js";
import { fineTune } from "../tune.js";
import type { Budget, Measured } from "./budget.js";

type TuneConfig = NonNullable<Config["prune"]["tune"]>;

/**
 * What each round of pruning goes down to when every round is followed by training: gates and LUTs fall by the same factor each
 * time, and what a round loses beyond the bound on accuracy is left to the training where there is a bound on size.
 */
export function roundBudgets(budget: Budget, { gates, luts }: Measured, rounds: number): Budget[] {
  const { maxGates, maxLuts, maxAccuracyDrop } = budget;
  const bounded = maxGates !== null || maxLuts !== null;
  const after = (from: number, bound: number, r: number): number =>
    Math.round(from * (bound / from) ** ((r + 1) / rounds));
  return Array.from({ length: rounds }, (_, r) => ({
    maxLuts: maxLuts === null ? null : after(luts!, maxLuts, r),
    maxAccuracyDrop: bounded ? null : maxAccuracyDrop,
    maxGates: maxGates === null ? null : after(gates, maxGates, r),
  }));
}

/** A bound on accuracy as one on what a round may lose of the design that it is given. */
export function relativeTo(original: number, from: Design, budget: Budget, validation: LabelledBits): Budget {
  if (budget.maxAccuracyDrop === null) return budget;
  const gained = accuracyOf(predict(from, validation.bits, validation.samples), validation.labels) - original;
  return { ...budget, maxAccuracyDrop: Math.max(0, budget.maxAccuracyDrop + gained) };
}

/** Train a pruned design on. @param given what it was before pruning. @param temperature of the model that was trained. */
export async function tuneRound(
  { config, signal, watcher }: Pick<StageContext, "config" | "signal" | "watcher">,
  design: Design,
  given: Design,
  data: PreparedData,
  { epochs, learningRate, candidates, votes }: TuneConfig,
  temperature: number,
): Promise<Model> {
  const samples = trainingData(data, design.encoder, config);
  const options = { ...config.train, seed: config.seed, learningRate, candidates, temperature };
  const hooks = {
    signal,
    identity: "",
    where: "",
    checkpoint: () => {},
    onNotice: (text: string) => watcher.line(text),
    onProgress: (p: TrainProgress) =>
      watcher.progress(p.step, p.steps, "tuning gates", { loss: p.loss.toFixed(3) }),
  };
  const gates =
    epochs === 0 ? design : (await fineTune(design, samples, { ...options, epochs }, hooks)).design;
  const onProgress = (step: number, steps: number): void => watcher.progress(step, steps, "tuning votes", {});
  const voting = { ...options, epochs: votes, teacher: given };
  const tuned =
    votes === 0 ? gates : await trainVotes(foldReadout(gates), samples, voting, { signal, onProgress });
  const { bits, samples: n, labels } = samples.validation;
  const [before, after] = [design, tuned].map((at) => percent(accuracyOf(predict(at, bits, n), labels)));
  watcher.line(`tuned ${count(gateCount(tuned.core))} gates: validation ${before} to ${after}`);
  return thaw(tuned, { seed: config.seed, temperature, candidates: 1 });
}

/** The design with offsets that one half of the validation samples asks for and the other does not refuse. */
export function withOffsets(design: Design, data: PreparedData, temperature: number): Design {
  const [fit, guard] = halves(encodeSplit(design.encoder, data.validation));
  return guardedOffsets(design, guard, { data: fit, temperature, module: simulationModule() });
}
