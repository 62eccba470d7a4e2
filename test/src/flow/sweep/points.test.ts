import { expect, test } from "vitest";
import { readSweep, type Sweep } from "../../../../src/flow/sweep/file.js";
import { configOf, sweepPoints } from "../../../../src/flow/sweep/points.js";
import { temporaryFolder, writeIn } from "../../../support/folder.js";

const sweepOf = (text: string, name = "search.yaml"): Sweep =>
  readSweep(writeIn(temporaryFolder(), name, text));

test("a grid is every combination, each with an id that its settings alone decide", () => {
  const grid = "grid: { network.candidates: [4, 8], train.learningRate: [0.1, 0.02, 0.05] }\nbudget: [1]\n";
  const points = sweepPoints(sweepOf(grid));
  expect(points.map(({ settings }) => Object.values(settings))).toEqual([
    [4, 0.1],
    [4, 0.02],
    [4, 0.05],
    [8, 0.1],
    [8, 0.02],
    [8, 0.05],
  ]);
  expect(new Set(points.map(({ id }) => id)).size).toBe(6);
  const fewer = sweepPoints(
    sweepOf("grid: { train.learningRate: [0.05], network.candidates: [8] }\nbudget: [7]\n"),
  );
  expect(fewer[0]!.id).toBe(points[5]!.id);
});

test("random points lie in their ranges, follow the scale, and come from the seed", () => {
  const text = (seed: number) => `
random:
  train.learningRate: { from: 0.001, to: 0.1, log: true }
  network.candidates: { from: 4, to: 32, integer: true }
  network.votes: [last, all]
samples: 400
seed: ${seed}
budget: [1]
`;
  const points = sweepPoints(sweepOf(text(1)));
  const column = (key: string): number[] =>
    points.map(({ settings }) => settings[key] as number).sort((a, b) => a - b);
  const rates = column("train.learningRate");
  expect(rates[0]!).toBeGreaterThanOrEqual(0.001);
  expect(rates.at(-1)!).toBeLessThanOrEqual(0.1);
  // Half of the draws lie below the geometric mean.
  expect(Math.abs(Math.log10(rates[200]!) + 2)).toBeLessThan(0.2);
  const candidates = column("network.candidates");
  expect([candidates[0], candidates.at(-1)]).toEqual([4, 32]);
  expect(candidates.every(Number.isInteger)).toBe(true);
  expect(new Set(points.map(({ settings }) => settings["network.votes"])).size).toBe(2);
  expect(points.map(({ id }) => id)).toEqual(sweepPoints(sweepOf(text(1))).map(({ id }) => id));
  expect(points.map(({ id }) => id)).not.toEqual(sweepPoints(sweepOf(text(2))).map(({ id }) => id));
});

test("a list that has fewer values than samples gives each once", () => {
  const points = sweepPoints(
    sweepOf("random: { network.candidates: [4, 8, 12] }\nsamples: 50\nbudget: [1]\n"),
  );
  expect(points.map(({ settings }) => settings["network.candidates"]).sort()).toEqual([12, 4, 8]);
});

test("a point's configuration is the base with its settings, and the epochs and seed of the run", () => {
  const folder = temporaryFolder();
  writeIn(
    folder,
    "base/own.yaml",
    "network: { layers: [60], candidates: 3 }\ntrain: { batch: 32, epochs: 99 }\n",
  );
  const sweep = readSweep(
    writeIn(folder, "s.yaml", "base: base/own.yaml\ngrid: { network.candidates: [7] }\nbudget: [2, 5]\n"),
  );
  const point = sweepPoints(sweep)[0]!;
  const config = configOf(sweep, point, 5, 3);
  expect(config.name).toBe(`${point.id}-e5-s3`);
  expect([config.seed, config.network.candidates, config.network.layers]).toEqual([3, 7, [60]]);
  expect([config.train.epochs, config.train.minimumSteps, config.train.batch]).toEqual([5, 0, 32]);
  expect(configOf(sweep, point, 2, 1).train.epochs).toBe(2);
});

test.each([
  ["grid: { network.candidates: [4] }\n", /budget/],
  ["budget: [1]\n", /expected either grid or random/],
  ["grid: { a: [1] }\nrandom: { b: [1] }\nsamples: 2\nbudget: [1]\n", /expected either grid or random/],
  ["random: { b: [1] }\nbudget: [1]\n", /expected samples with random/],
  ["grid: { train.epochs: [1, 2] }\nbudget: [1]\n", /found "train.epochs"/],
  ["grid: { train.batch: [] }\nbudget: [1]\n", /grid.train.batch/],
  ["grid: { train.batch: [32] }\nbudget: [4, 4]\n", /expected rising epochs/],
  ["grid: { train.batch: [32] }\nbudget: [4]\nkeep: 1\n", /keep/],
  ["grid: { train.batch: [32] }\nbudget: [4]\nseeds: [1, 1]\n", /seeds: expected different ones/],
  ["grid: { train.batch: [32] }\nbudgets: [4]\n", /found "budgets"/],
  ["random: { a: { from: 0, to: 1, log: true } }\nsamples: 2\nbudget: [4]\n", /random.a/],
  ["random: { a: { from: 2, to: 1 } }\nsamples: 2\nbudget: [4]\n", /random.a/],
  ["base: none.yaml\ngrid: { train.batch: [32] }\nbudget: [4]\n", /none.yaml: expected a project file/],
  ["grid: [", /search.yaml:\d+:\d+/],
])("%j is refused, saying where", (text, message) => {
  expect(() => sweepOf(text)).toThrow(message);
});

test.each([
  ["grid: { train.bach: [32] }", /sweep point train.bach=32: .*found "train.bach"/],
  ["grid: { train.batch: [0] }", /sweep point train.batch=0: train.batch/],
  ["grid: { train.batch: [32, 32] }", /train.batch=32 twice/],
])("%j has a point that is refused before anything runs", (text, message) => {
  const sweep = sweepOf(`${text}\nbudget: [1]\n`);
  expect(() => sweepPoints(sweep).map((point) => configOf(sweep, point, 1, 1))).toThrow(message);
});
