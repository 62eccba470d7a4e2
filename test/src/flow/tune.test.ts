import { expect, test } from "vitest";
import type { Design } from "../../../compiler/ir/design.js";
import { accuracyOf } from "../../../compiler/ir/labelled-bits.js";
import { gateCount } from "../../../compiler/ir/netlist.js";
import { checkFreeze } from "../../../compiler/model/check-freeze.js";
import { freeze } from "../../../compiler/model/freeze.js";
import { deadGates } from "../../../compiler/passes/dead-gates.js";
import { foldReadout } from "../../../compiler/prune/readout-fold.js";
import { chooseTrims, trimLiterally } from "../../../compiler/prune/readout-trim.js";
import { predict } from "../../../compiler/simulate/bit-parallel.js";
import { createCdclSolver } from "../../../sat/cdcl/solver.js";
import { ConfigSchema } from "../../../src/config/schema.js";
import { demoDataset } from "../../../src/data/demo.js";
import { chooseEncoder, encodeSplit, prepareData } from "../../../src/flow/prepared-data.js";
import { fineTune, pruneAndTune, type TuneOptions } from "../../../src/flow/tune.js";
import { type StepHooks, train } from "../../../src/train/train.js";
import { randomDesign } from "../../support/random-design.js";

const hooks: StepHooks = {
  onNotice: () => {},
  onProgress: () => {},
  checkpoint: () => {},
  signal: new AbortController().signal,
  identity: "test",
  where: "checkpoint",
};
const config = ConfigSchema.parse({});
const prepared = prepareData(demoDataset(1), config);
const encoder = chooseEncoder(prepared, config);
const data = {
  encoder,
  classNames: prepared.dataset.classNames,
  train: encodeSplit(encoder, prepared.train),
  validation: encodeSplit(encoder, prepared.validation),
};
const options: TuneOptions = {
  ...config.train,
  seed: 3,
  candidates: 8,
  temperature: 1,
  epochs: 6,
  minimumSteps: 0,
  threads: 2,
};
const accuracy = (design: Design): number =>
  accuracyOf(predict(design, data.validation.bits, data.validation.samples), data.validation.labels);

const untouched = async (): Promise<Design> => {
  const network = {
    conv: [],
    layers: [300, 300],
    candidates: 8,
    locality: null,
    votes: "all" as const,
    temperature: 1,
  };
  const { model } = await train(
    data,
    { ...config.train, ...network, epochs: 5, minimumSteps: 0, seed: 1 },
    { ...hooks, onBegin: () => {} },
  );
  return deadOf(foldReadout(freeze(model).design));
};
const deadOf = (design: Design): Design => {
  const context = { seed: 1, patterns: [], samples: 0, createSolver: createCdclSolver };
  return (deadGates.run(design, context) as { design: Design }).design;
};

test("fine-tuning brings back some of what trimming lost, with no more gates and the same bits for any number of threads", async () => {
  const design = await untouched();
  const share = 1 - 100 / design.core.outputs.length;
  const trimmed = deadOf(foldReadout(trimLiterally(design, chooseTrims(design, data.train, share, 1))));
  expect(trimmed.core.outputs.length).toBeLessThanOrEqual(100);
  const tuned = await fineTune(trimmed, data, options, hooks);
  expect(checkFreeze(tuned.model, freeze(tuned.model))).toMatchObject({ tag: "proved" });
  expect(freeze(tuned.model).design).toEqual(tuned.design);
  expect(gateCount(tuned.design.core)).toBeLessThanOrEqual(gateCount(trimmed.core));
  expect(tuned.design.readout).toEqual(trimmed.readout);
  expect(tuned.validation).toEqual({ before: accuracy(trimmed), after: accuracy(tuned.design) });
  const [whole, pruned, back] = [accuracy(design), accuracy(trimmed), accuracy(tuned.design)];
  expect(whole - pruned, `${whole} to ${pruned}`).toBeGreaterThan(0.03);
  expect(back - pruned, `${pruned} to ${back}`).toBeGreaterThan(0.02);
  const again = await fineTune(trimmed, data, { ...options, threads: 3 }, hooks);
  expect(again.model).toEqual(tuned.model);
});

test("training that makes it worse is not taken", async () => {
  const design = await untouched();
  const tuned = await fineTune(design, data, { ...options, epochs: 1, learningRate: 20 }, hooks);
  expect(tuned.validation.after).toBeGreaterThanOrEqual(tuned.validation.before);
  expect(accuracy(tuned.design)).toBe(tuned.validation.after);
});

test("prune and tune take turns, each on what the other gave", async () => {
  const design = randomDesign(1, { inputs: 3, gates: 5, outputs: 4 });
  const seen: string[] = [];
  const step =
    (what: string) =>
    async (given: Design, round: number): Promise<Design> => {
      seen.push(`${what} ${round} of ${given.readout.offset[0]}`);
      return { ...given, readout: { ...given.readout, offset: given.readout.offset.map((o) => o + 1) } };
    };
  const result = await pruneAndTune(design, [50, 20], { prune: step("prune"), tune: step("tune") });
  expect(seen).toEqual(["prune 50 of 0", "tune 50 of 1", "prune 20 of 2", "tune 20 of 3"]);
  expect(result.readout.offset[0]).toBe(4);
});
