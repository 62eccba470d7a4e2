import { expect, test, vi } from "vitest";
import type { Model } from "../../../../compiler/model/model.js";
import { plainEngine } from "../../../../src/train/engine.js";
import { tensorflowEngine } from "../../../../src/train/reference/engine.js";
import { loadTensorflow } from "../../../../src/train/reference/tensorflow.js";
import { dbnc } from "../../../support/cli.js";
import { engineInput, randomBatches, trained } from "../../../support/engine-input.js";
import { temporaryFolder } from "../../../support/folder.js";
import { decided, randomModel, seeds } from "../../../support/random-design.js";

vi.setConfig({ testTimeout: 300_000 });

const engine = tensorflowEngine(() => {});
const logitsOf = ({ layers }: Model): Float32Array[] =>
  layers.flatMap(({ wireLogits, gateLogits }) => [wireLogits, gateLogits]);

test.each(
  seeds(3).flatMap(
    (seed) =>
      [
        ["soft", seed],
        ["hard", seed],
      ] as const,
  ),
)("takes the steps that the plain loops take (%s, seed %i)", async (mode, seed) => {
  const random = randomModel(seed, { inputs: 20, layers: [30, 20], candidates: seed === 3 ? 1 : 5 });
  const model = mode === "hard" ? decided(random) : random;
  const batch = [40, 64, 100][seed % 3]!;
  const batches = randomBatches(seed, 4, batch);
  const expected = await trained(plainEngine, engineInput(model, batch, { mode }), batches);
  const found = await trained(engine, engineInput(model, batch, { mode }), batches);
  expect(found.results.right).toEqual(expected.results.right);
  const pairs = [
    [found.results.losses, expected.results.losses],
    [found.results.shares, expected.results.shares],
    ...logitsOf(found.model).map((logits, i) => [logits, logitsOf(expected.model)[i]!] as const),
    ...found.moments.map(({ gate }, l) => [gate.second, expected.moments[l]!.gate.second] as const),
  ] as const;
  for (const [a, b] of pairs) {
    const apart = a.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - b[i]!) / (1 + Math.abs(b[i]!))),
      0,
    );
    expect(apart).toBeLessThan(1e-4);
  }
  const moved = logitsOf(found.model)[1]!.some(
    (value, i) => Math.abs(value - logitsOf(model)[1]![i]!) > 0.02,
  );
  expect(moved).toBe(true);
});

test("goes on from what it saved with the same bits", async () => {
  const model = randomModel(9, { inputs: 20, layers: [30, 20], candidates: 5 });
  const [first, second] = [randomBatches(1, 3, 64), randomBatches(2, 3, 64)];
  const rates = new Float32Array(3).fill(0.03);
  const [whole, parts] = [engineInput(model, 64), engineInput(model, 64)];
  const one = await engine(whole);
  await one.train(first, 0, rates);
  await one.train(second, 3, rates);
  one.save();
  await one.close();
  const before = await engine(parts);
  await before.train(first, 0, rates);
  before.save();
  const after = await engine(parts);
  await after.train(second, 3, rates);
  after.save();
  expect(logitsOf(parts.model)).toEqual(logitsOf(whole.model));
  // Taken back to where they were, all arrays lead there again.
  before.load();
  await before.train(second, 3, rates);
  await before.close();
  await after.close();
});

test("trains the demo to the accuracy of the default engine, within the noise of seeds, and says which build it found", async () => {
  const folder = temporaryFolder();
  const accuracy = async (engineName: string, seed: number): Promise<number> => {
    const small = [
      "--layers",
      "120,60",
      "--candidates",
      "4",
      "--epochs",
      "4",
      "--set",
      "train.minimumSteps=0",
    ];
    const name = `${engineName}-${seed}`;
    const args = ["--engine", engineName, "--seed", `${seed}`, "--name", name, "--until", "train", "--json"];
    const { stdout, stderr, status } = await dbnc(folder, "build", ...small, ...args);
    expect(status, stderr).toBe(0);
    expect(/TensorFlow.js computes on its \w+ backend/.test(stderr)).toBe(engineName === "tensorflow");
    return JSON.parse(stdout).accuracy.validation as number;
  };
  const middle = async (engineName: string): Promise<number> => {
    const all: number[] = [];
    for (const seed of [1, 2, 3]) all.push(await accuracy(engineName, seed));
    return all.sort((a, b) => a - b)[1]!;
  };
  const [reference, found] = [await middle("wasm"), await middle("tensorflow")];
  expect(reference).toBeGreaterThan(0.25);
  expect(Math.abs(found - reference)).toBeLessThan(0.08);
});

test("without any build of TensorFlow.js it is a missing tool", async () => {
  await expect(loadTensorflow([])).rejects.toMatchObject({ code: "engine/tensorflow", exitCode: 4 });
});
