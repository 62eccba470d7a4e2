import { describe, expect, test } from "vitest";
import { popcount } from "../../../base/popcount.js";
import { Random } from "../../../base/random.js";
import type { Design } from "../../../compiler/ir/design.js";
import { classScores, type Readout } from "../../../compiler/ir/readout.js";
import { freeze } from "../../../compiler/model/freeze.js";
import { foldReadout } from "../../../compiler/prune/readout-fold.js";
import { simulate } from "../../../compiler/simulate/bit-parallel.js";
import { ConfigSchema } from "../../../src/config/schema.js";
import { demoDataset } from "../../../src/data/demo.js";
import { chooseEncoder, prepareData, trainingData } from "../../../src/flow/prepared-data.js";
import { initialiseModel } from "../../../src/train/initialise.js";
import { crossEntropy } from "../../../src/train/loss.js";
import { addSlopes, readoutOf, termGradient, withMoreTerms } from "../../../src/train/vote-terms.js";
import { trainVotes } from "../../../src/train/votes.js";
import { seeds } from "../../support/random-design.js";

const CLASSES = ["a", "b", "c"];
const STRIDE = 64;

/** Five votes, each of which counts for one class or two. */
const given: Readout = {
  classNames: CLASSES,
  offset: Int32Array.of(1, 0, -2),
  start: Uint32Array.of(0, 3, 5, 7),
  vote: Uint32Array.of(0, 1, 4, 1, 2, 3, 4),
  weight: Int32Array.of(1, -2, 3, 1, 1, -1, 2),
};

describe("terms of votes", () => {
  test("those added move the loss most, and weigh nothing", () => {
    const slope = new Float32Array(5 * 3);
    slope[2 * 3 + 0] = -9;
    slope[0 * 3 + 2] = 5;
    slope[3 * 3 + 1] = 1;
    // Counted already: not added again.
    slope[1 * 3 + 0] = 99;
    const { readout, parameters, most } = withMoreTerms(given, slope, 2);
    expect([...readout.start]).toEqual([0, 4, 6, 9]);
    expect([...readout.vote]).toEqual([0, 1, 2, 4, 1, 2, 0, 3, 4]);
    expect([...parameters]).toEqual([1, -2, 0, 3, 1, 1, 0, -1, 2, 1, 0, -2]);
    expect(most).toBe(7);
  });

  test("weights are signed powers of two, the lightest 0, and no more than there were", () => {
    const terms = withMoreTerms(given, new Float32Array(15), 3);
    terms.parameters.set([0.4, -0.7, 1.3, -1.6, 2.7, 3.1, -6, 0.9, 0.8, 0.6, 0.4, 1.6, -2.4]);
    const { weight, offset } = readoutOf({ ...terms, most: 10 });
    expect([...weight]).toEqual([0, -1, 1, -2, 2, 4, -8, 1, 1, 1]);
    expect([...offset]).toEqual([0, 2, -2]);
    expect([...readoutOf({ ...terms, most: 7 }).weight]).toEqual([0, 0, 1, -2, 2, 4, -8, 1, 1, 0]);
  });

  test.each(seeds(5))("gradients are those measured by differences (seed %i)", (seed) => {
    const random = new Random(seed);
    const votes = Array.from({ length: 5 }, () =>
      Uint32Array.from({ length: STRIDE / 32 }, () => random.uint32()),
    );
    const labels = Uint16Array.from({ length: STRIDE }, () => random.below(3));
    const gradient = new Float32Array(3 * STRIDE);
    const lossOf = (weight: readonly number[], offset: readonly number[]): number => {
      // Scores of real weights: a thousand times as many votes, and a thousand times the temperature.
      const readout = {
        ...given,
        weight: Int32Array.from(weight, (w) => Math.round(1000 * w)),
        offset: Int32Array.from(offset, (o) => Math.round(1000 * o)),
      };
      const scores = classScores(readout, votes, STRIDE);
      const rows = Float32Array.from(scores, (_, i) => scores[(i % STRIDE) * 3 + Math.floor(i / STRIDE)]!);
      const shape = { classes: 3, stride: STRIDE, temperature: 2000, scale: 0.5 };
      const { losses } = crossEntropy(rows, labels, new Float32Array(STRIDE).fill(1), shape, gradient);
      return losses.reduce((sum, loss) => sum + loss, 0);
    };
    const at = [...given.weight, ...given.offset];
    const loss = (values: readonly number[]): number => lossOf(values.slice(0, 7), values.slice(7));
    loss(at);
    const found = new Float32Array(10);
    termGradient(given, votes, gradient, found);
    const slopes = new Float32Array(15);
    addSlopes(votes, gradient, slopes);
    at.forEach((value, i) => {
      const [up, down] = [0.1, -0.1].map((h) => loss(at.with(i, value + h)));
      expect(found[i]!).toBeCloseTo((up! - down!) / 0.2, 1);
    });
    // Where the offset takes back what a vote adds in the mean, its slope is the covariance with the gradient.
    const ones = votes[2]!.reduce((sum, word) => sum + popcount(word), 0);
    expect(slopes[2 * 3 + 1]).toBeCloseTo(found[4]! - (ones / STRIDE) * found[8]!, 3);
  });
});

describe("training votes", () => {
  const config = ConfigSchema.parse({ network: { layers: [60, 60], votes: "all" } });
  const prepared = prepareData(demoDataset(1), config);
  const encoder = chooseEncoder(prepared, config);
  const data = trainingData(prepared, encoder, config);
  const model = initialiseModel(data, { ...config.network, temperature: 1 }, 1);
  const design = foldReadout(freeze(model).design);
  const options = { ...config.train, seed: 1, epochs: 12, temperature: 1, teacher: design };
  const hooks = { signal: new AbortController().signal, onProgress: (): void => {} };
  /** Labels that say something else than the right ones. */
  const noise = {
    ...data,
    train: { ...data.train, labels: data.train.labels.map((label) => (label + 1) % 4) },
  };

  const loss = ({ core, readout }: Design): number => {
    const { bits, samples, labels } = data.validation;
    const scores = classScores(readout, simulate(core, bits, Math.ceil(samples / 32)), samples);
    const classes = readout.classNames.length;
    return labels.reduce((sum, label, s) => {
      const own = [...scores.subarray(s * classes, (s + 1) * classes)];
      const all = own.reduce((total, score) => total + Math.exp(score), 0);
      return sum - Math.log(Math.exp(own[label]!) / all);
    }, 0);
  };

  test("makes a network of random gates better by its votes alone, with no more of them", async () => {
    const tuned = await trainVotes(design, data, options, hooks);
    expect(loss(tuned)).toBeLessThan(0.7 * loss(design));
    expect({ ...tuned.core, outputs: [] }).toEqual({ ...design.core, outputs: [] });
    expect(tuned.readout.weight.length).toBeLessThanOrEqual(design.readout.weight.length);
    expect(foldReadout(tuned)).toEqual(tuned);
    expect(await trainVotes(design, data, options, hooks)).toEqual(tuned);
  });

  test("takes nothing that is worse on the validation samples", async () => {
    const once = await trainVotes(design, data, options, hooks);
    expect(await trainVotes(once, noise, options, hooks)).toEqual(once);
  });

  test("learns from what the teacher says as much as from the labels", async () => {
    const teacher = await trainVotes(design, data, options, hooks);
    const [taught, alone] = [
      await trainVotes(design, noise, { ...options, teacher }, hooks),
      await trainVotes(design, noise, options, hooks),
    ];
    expect(loss(taught)).toBeLessThan(0.9 * loss(alone));
  });

  test("stops when it is told to", async () => {
    const controller = new AbortController();
    const onProgress = (step: number): void => {
      if (step === 3) controller.abort();
    };
    const stopped = trainVotes(design, data, options, { signal: controller.signal, onProgress });
    await expect(stopped).rejects.toThrow(/abort/i);
  });
});
