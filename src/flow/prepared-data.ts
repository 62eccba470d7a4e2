import type { Encoder } from "../../compiler/ir/encoder.js";
import type { LabelledBits } from "../../compiler/ir/labelled-bits.js";
import { encodeFast } from "../../compiler/simulate/packer.js";
import type { Config } from "../config/schema.js";
import type { Dataset, Samples } from "../data/dataset.js";
import { readExcluded } from "../data/exclude.js";
import { fitEncoder } from "../data/fit-encoder.js";
import { quantiseSamples } from "../data/quantise-samples.js";
import { splitSamples } from "../data/split.js";
import { simulationModule } from "../simulate/module.js";
import type { TrainingData } from "../train/training-data.js";

/** A data set split three ways, before any encoding. */
export interface PreparedData {
  readonly dataset: Dataset;
  readonly train: Samples;
  readonly validation: Samples;
  readonly test: Samples;
}

export const SPLITS = ["train", "validation", "test"] as const;

/** Carve the validation split from the training samples; those to be left out are in neither part. */
export function prepareData(dataset: Dataset, config: Config): PreparedData {
  const { exclude } = config.data;
  const { rest, part } = splitSamples(dataset.train, {
    fraction: config.data.validationFraction,
    classes: dataset.classNames.length,
    seed: config.seed,
    purpose: "validation",
    ...(exclude === null ? {} : { leaveOut: readExcluded(exclude, dataset.train.count) }),
  });
  return { dataset, train: rest, validation: part, test: dataset.test };
}

/** The encoder, chosen on the training split only. */
export const chooseEncoder = (data: PreparedData, config: Config): Encoder =>
  fitEncoder(data.dataset.features, data.train, config.encoder, data.dataset.shape !== undefined);

/** One split as the network sees it. */
export function encodeSplit(encoder: Encoder, samples: Samples): LabelledBits {
  const codes = quantiseSamples(encoder, samples);
  return {
    samples: samples.count,
    bits: encodeFast(simulationModule(), encoder, codes, samples.count),
    labels: samples.labels,
  };
}

/** What a network is trained on. */
export function trainingData(data: PreparedData, encoder: Encoder, { train }: Config): TrainingData {
  const { shape, classNames } = data.dataset;
  return {
    encoder,
    classNames,
    train: encodeSplit(encoder, data.train),
    validation: encodeSplit(encoder, data.validation),
    ...(shape === undefined ? {} : { shape }),
    ...(train.augment === null ? {} : { codes: Uint8Array.from(quantiseSamples(encoder, data.train)) }),
  };
}
