import { Random } from "../../base/random.js";
import { freeze } from "../../compiler/model/freeze.js";
import { scoreRows } from "../../compiler/simulate/scores.js";
import type { Config } from "../config/schema.js";
import { type Dataset, pick, type Samples } from "../data/dataset.js";
import { chooseEncoder, encodeSplit, trainingData } from "../flow/prepared-data.js";
import { type TrainHooks, train } from "../train/train.js";

/** What a network that did not see a sample says of it. */
export interface HeldOut {
  /** Shape `[classes][samples]`. */
  readonly scores: readonly Int32Array[];
  /** That the networks were trained with. */
  readonly temperature: number;
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
  const scores = dataset.classNames.map(() => new Int32Array(all.count));
  let temperature = 1;
  for (let fold = 0; fold < folds; fold++) {
    const rows = (own: boolean): number[] => [...order.filter((_, i) => (i % folds === fold) === own)];
    const mine = rows(true).sort((a, b) => a - b);
    const others = pick(
      all,
      rows(false).sort((a, b) => a - b),
    );
    const judged = await judge(dataset, others, pick(all, mine), config, hooks(fold));
    judged.scores.forEach((row, cls) => {
      mine.forEach((s, i) => {
        scores[cls]![s] = row[i]!;
      });
    });
    temperature = judged.temperature;
  }
  return { scores, temperature };
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
  const { bits, samples } = encodeSplit(encoder, mine);
  return { scores: scoreRows(freeze(model).design, bits, samples), temperature: model.temperature };
}
