import { freeze } from "../../compiler/model/freeze.js";
import type { Model } from "../../compiler/model/model.js";
import { foldReadout } from "../../compiler/prune/readout-fold.js";
import type { Config } from "../../src/config/schema.js";
import type { Dataset } from "../../src/data/dataset.js";
import { chooseEncoder, prepareData, trainingData } from "../../src/flow/prepared-data.js";
import { fineTune } from "../../src/flow/tune.js";
import { type TrainHooks, train } from "../../src/train/train.js";

/** Of trainings that nothing watches or stops. */
export const HOOKS: TrainHooks = {
  onBegin: () => {},
  onNotice: () => {},
  onProgress: () => {},
  checkpoint: () => {},
  signal: new AbortController().signal,
  identity: "bench",
  where: "bench",
};

/** A network trained on what the configuration does not exclude. */
export async function trained(dataset: Dataset, config: Config): Promise<Model> {
  const data = prepareData(dataset, config);
  const options = { ...config.network, ...config.train, seed: config.seed };
  return (await train(trainingData(data, chooseEncoder(data, config), config), options, HOOKS)).model;
}

/** The same network trained on, half as long, on what the configuration does not exclude. */
export async function trainedOn(model: Model, dataset: Dataset, config: Config): Promise<Model> {
  const data = trainingData(prepareData(dataset, config), model.encoder, config);
  const options = {
    ...config.train,
    seed: config.seed,
    epochs: Math.ceil(config.train.epochs / 2),
    learningRate: 0.02,
    candidates: 16,
    temperature: model.temperature,
  };
  return (await fineTune(foldReadout(freeze(model).design), data, options, HOOKS)).model;
}
