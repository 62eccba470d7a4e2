import { count, percent } from "../../../base/format.js";
import type { Design } from "../../../compiler/ir/design.js";
import { halves, type LabelledBits } from "../../../compiler/ir/labelled-bits.js";
import { gateCount } from "../../../compiler/ir/netlist.js";
import type { Model } from "../../../compiler/model/model.js";
import { thaw } from "../../../compiler/model/thaw.js";
import { foldReadout } from "../../../compiler/prune/readout-fold.js";
import { refitOffsets } from "../../../compiler/prune/readout-offsets.js";
import { predict } from "../../../compiler/simulate/bit-parallel.js";
import { sameDecisions } from "../../../compiler/verify/same-decisions.js";
import type { Config } from "../../config/schema.js";
import type { CertificateStep } from "../../report/certificate.js";
import type { TrainProgress } from "../../train/train.js";
import { trainVotes } from "../../train/votes.js";
import { designSide } from "../certificate.js";
import { accuracyOf, encodeSplit, type PreparedData, trainingData } from "../prepared-data.js";
import type { StageContext } from "../stage.js";
import { fineTune } from "../tune.js";
import type { Budget } from "./budget.js";

type TuneConfig = NonNullable<Config["prune"]["tune"]>;

/**
 * What each round of pruning goes down to when every round is followed by training: gates fall by the same factor each
 * time, and what a round loses beyond the bound on accuracy is left to the training where there is a bound on size.
 */
export function roundBudgets(budget: Budget, gates: number, rounds: number): Budget[] {
  const { maxGates, maxLuts, maxAccuracyDrop } = budget;
  const bounded = maxGates !== null || maxLuts !== null;
  return Array.from({ length: rounds }, (_, r) => ({
    maxLuts,
    maxAccuracyDrop: bounded ? null : maxAccuracyDrop,
    maxGates: maxGates === null ? null : Math.round(gates * (maxGates / gates) ** ((r + 1) / rounds)),
  }));
}

/** A bound on accuracy as one on what a round may lose of the design that it is given. */
export function relativeTo(original: number, from: Design, budget: Budget, validation: LabelledBits): Budget {
  if (budget.maxAccuracyDrop === null) return budget;
  const gained = accuracyOf(predict(from, validation.bits, validation.samples), validation.labels) - original;
  return { ...budget, maxAccuracyDrop: Math.max(0, budget.maxAccuracyDrop + gained) };
}

/** Train a pruned design on. @param temperature of the model that it was trained as. */
export async function tuneRound(
  { config, signal, watcher }: Pick<StageContext, "config" | "signal" | "watcher">,
  design: Design,
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
  const tuned =
    votes === 0
      ? gates
      : await trainVotes(foldReadout(gates), samples, { ...options, epochs: votes }, { signal, onProgress });
  const { bits, samples: n, labels } = samples.validation;
  const [before, after] = [design, tuned].map((at) => percent(accuracyOf(predict(at, bits, n), labels)));
  watcher.line(`tuned ${count(gateCount(tuned.core))} gates: validation ${before} to ${after}`);
  return thaw(tuned, { seed: config.seed, temperature, candidates: 1 });
}

/** The design with its readout folded, and the step that says so. */
export function foldStep(design: Design): { readonly design: Design; readonly step: CertificateStep } {
  const folded = foldReadout(design);
  return {
    design: folded,
    step: {
      step: "prune: readout",
      claim: "the folded readout decides as the one before",
      left: designSide("design before folding", design),
      right: designSide("design after folding", folded),
      verdict: sameDecisions(design, folded) ? "proved" : "refuted",
      how: "scores compared as linear functions of the core's nodes",
      solver: null,
      conflicts: null,
      proofs: [],
    },
  };
}

/** The design with offsets that one half of the validation samples asks for and the other does not refuse. */
export function withOffsets(design: Design, data: PreparedData): Design {
  const [fit, guard] = halves(encodeSplit(design.encoder, data.validation));
  return guard.samples === 0 ? design : refitOffsets(design, fit, guard).design;
}
