import type { Design } from "../../compiler/ir/design.js";
import { foldReadout } from "../../compiler/prune/readout-fold.js";
import { applySubstitutions } from "../../compiler/prune/substitution.js";
import type { Config } from "../../src/config/schema.js";
import { quantiseSamples } from "../../src/data/quantise-samples.js";
import { encodeSplit, type PreparedData } from "../../src/flow/prepared-data.js";
import { fineTune } from "../../src/flow/tune.js";

export interface TuneContext {
  readonly config: Config;
  readonly prepared: PreparedData;
  readonly temperature: number;
  readonly epochs: number;
}

/** Peak rate of fine-tuning: at that of training, few epochs do not bring back what the first ones lose. */
const RATE = 0.02;
const CANDIDATES = 16;

/** A pruned design trained on, on the training samples as the network was. */
export async function tuned(
  design: Design,
  { config, prepared, temperature, epochs }: TuneContext,
): Promise<Design> {
  const { encoder, readout } = design;
  const { shape } = prepared.dataset;
  const data = {
    encoder,
    classNames: readout.classNames,
    train: encodeSplit(encoder, prepared.train),
    validation: encodeSplit(encoder, prepared.validation),
    ...(shape === undefined ? {} : { shape }),
    ...(config.train.augment === null
      ? {}
      : { codes: Uint8Array.from(quantiseSamples(encoder, prepared.train)) }),
  };
  const options = {
    ...config.train,
    seed: config.seed,
    epochs,
    minimumSteps: 0,
    learningRate: RATE,
    candidates: CANDIDATES,
    temperature,
  };
  const found = await fineTune(foldReadout(design), data, options, {
    onProgress: () => {},
    onNotice: () => {},
    checkpoint: () => {},
    signal: new AbortController().signal,
    identity: "bench",
    where: "bench",
  });
  return { ...found.design, core: applySubstitutions(found.design.core, []).core };
}
