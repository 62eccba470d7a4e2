import { Random } from "../../base/random.js";
import { freeze } from "../../compiler/model/freeze.js";
import { scoreRows } from "../../compiler/simulate/scores.js";
import type { Config } from "../config/schema.js";
import { type Dataset, pick, type Samples } from "../data/dataset.js";
import { chooseEncoder, encodeSplit, trainingData } from "../flow/prepared-data.js";
import { type TrainHooks, train } from "../train/train.js";

/** What a network that did not see a sample says of it. */
export interface HeldOut {
  /** Shape `[samples]`: log-odds of the label against all other classes. */
  readonly logOdds: Float64Array;
  /** Shape `[samples]`: the class with the highest score. */
  readonly predicted: Uint16Array;
}

/**
 * Train a network on all folds but one, for each in turn, and let it judge the one that was left out.
 *
 * @param hooks of the training that leaves out a fold.
 */
export async function judgeHeldOut(
  dataset: Dataset,
  config: Config,
  folds: number,
  hooks: (fold: number) => TrainHooks,
): Promise<HeldOut> {
  const { train: all } = dataset;
  const order = Random.forPurpose(config.seed, "audit folds").shuffle(
    Uint32Array.from({ length: all.count }, (_, s) => s),
  );
  const logOdds = new Float64Array(all.count);
  const predicted = new Uint16Array(all.count);
  for (let fold = 0; fold < folds; fold++) {
    const rows = (own: boolean): number[] => [...order.filter((_, i) => (i % folds === fold) === own)];
    const mine = rows(true).sort((a, b) => a - b);
    const others = pick(
      all,
      rows(false).sort((a, b) => a - b),
    );
    const judged = await judge(dataset, others, pick(all, mine), config, hooks(fold));
    mine.forEach((s, i) => {
      logOdds[s] = judged.logOdds[i]!;
      predicted[s] = judged.predicted[i]!;
    });
  }
  return { logOdds, predicted };
}

async function judge(
  dataset: Dataset,
  others: Samples,
  mine: Samples,
  config: Config,
  hooks: TrainHooks,
): Promise<HeldOut> {
  const split = { dataset, train: others, validation: mine, test: dataset.test };
  const encoder = chooseEncoder(split, config);
  const options = { ...config.network, ...config.train, seed: config.seed };
  const { model } = await train(trainingData(split, encoder, config), options, hooks);
  const { bits, samples, labels } = encodeSplit(encoder, mine);
  const scores = scoreRows(freeze(model).design, bits, samples);
  const predicted = new Uint16Array(samples);
  const logOdds = new Float64Array(samples);
  for (let s = 0; s < samples; s++) {
    const own = scores.map((row) => row[s]!);
    predicted[s] = own.indexOf(Math.max(...own));
    logOdds[s] = oddsOf(own, labels[s]!, model.temperature);
  }
  return { logOdds, predicted };
}

/** Log-odds of a class in the softmax of scores over a temperature. */
function oddsOf(scores: readonly number[], label: number, temperature: number): number {
  const others = scores.filter((_, c) => c !== label);
  const top = Math.max(...others);
  const sum = others.reduce((total, score) => total + Math.exp((score - top) / temperature), 0);
  return (scores[label]! - top) / temperature - Math.log(sum);
}
