import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Random } from "../../../base/random.js";
import { suspects, suspectsCsv } from "../../../src/audit/audit.js";
import { judgeHeldOut } from "../../../src/audit/held-out.js";
import { fitNoise, wrongProbability } from "../../../src/audit/noise-model.js";
import { ConfigSchema } from "../../../src/config/schema.js";
import { demoDataset } from "../../../src/data/demo.js";
import { readExcluded } from "../../../src/data/exclude.js";
import { prepareData } from "../../../src/flow/prepared-data.js";
import { temporaryFolder } from "../../support/folder.js";
import { seeds } from "../../support/random-design.js";

test.each(seeds(5))("rate and temperature of labels drawn from scores are found again (seed %i)", (seed) => {
  const random = new Random(seed);
  const [classes, samples, temperature, rate] = [4, 8000, 3, 0.2];
  const scores = Array.from({ length: classes }, () =>
    Int32Array.from({ length: samples }, () => Math.round(20 * random.normal())),
  );
  const wrong = new Uint8Array(samples);
  const labels = Uint16Array.from({ length: samples }, (_, s) => {
    // The highest after adding what is distributed as the logarithm of a waiting time: a draw from the softmax.
    const noisy = scores.map((row) => row[s]! / temperature - Math.log(-Math.log(random.uniform())));
    const drawn = noisy.indexOf(Math.max(...noisy));
    wrong[s] = random.uniform() < rate ? 1 : 0;
    return wrong[s] === 1 ? (drawn + 1 + random.below(classes - 1)) % classes : drawn;
  });
  const found = fitNoise(scores, labels, 8);
  expect(Math.abs(found.rate - rate)).toBeLessThan(0.02);
  expect(Math.abs(found.temperature / temperature - 1)).toBeLessThan(0.15);
  // The probabilities are what they say: of labels of about the same one, that share is wrong.
  const probability = wrongProbability(found, scores, labels);
  for (const low of [0, 0.2, 0.4, 0.6, 0.8]) {
    const some = [...probability.keys()].filter((s) => Math.abs(probability[s]! - low - 0.1) <= 0.1);
    const mean = (of: ArrayLike<number>): number => some.reduce((sum, s) => sum + of[s]!, 0) / some.length;
    expect(Math.abs(mean(wrong) - mean(probability))).toBeLessThan(0.03 + 1.5 / Math.sqrt(some.length));
  }
});

test("where no label is wrong, hardly any is named", () => {
  const random = new Random(5);
  const labels = Uint16Array.from({ length: 3000 }, () => random.below(3));
  const scores = [0, 1, 2].map((cls) =>
    Int32Array.from(labels, (label) => Math.round(6 * random.normal() + (label === cls ? 30 : 0))),
  );
  expect(suspects(labels, { scores, temperature: 5 }, 0.5).length).toBeLessThan(5);
});

describe("labels of the demo, a fifth of them flipped", () => {
  const clean = demoDataset(1);
  const random = new Random(7);
  const flipped = clean.train.labels.map(() => (random.below(5) === 0 ? 1 : 0));
  const labels = clean.train.labels.map((label, s) =>
    flipped[s] === 1 ? (label + 1 + random.below(9)) % 10 : label,
  );
  const dataset = { ...clean, train: { ...clean.train, labels } };
  const config = ConfigSchema.parse({
    network: { layers: [400, 400], candidates: 8, temperature: 3 },
    train: { epochs: 9, minimumSteps: 0, threads: 2 },
  });
  const hooks = {
    onBegin: () => {},
    onNotice: () => {},
    onProgress: () => {},
    checkpoint: () => {},
    signal: new AbortController().signal,
    identity: "",
    where: "",
  };

  test("are named with good precision and recall, and left out by the file", async () => {
    const judged = await judgeHeldOut(dataset, config, 2, () => hooks);
    const found = suspects(labels, judged, 0.5);
    const hits = found.filter(({ sample }) => flipped[sample] === 1).length;
    expect(hits / found.length).toBeGreaterThan(0.8);
    expect(hits / flipped.filter((f) => f === 1).length).toBeGreaterThan(0.7);
    expect(
      found.every(({ sample, label, suggested }) => labels[sample] === label && suggested !== label),
    ).toBe(true);

    const file = join(temporaryFolder(), "suspects.csv");
    writeFileSync(file, suspectsCsv(found, clean.classNames));
    const excluded = readExcluded(file, labels.length);
    expect([...excluded]).toEqual(found.map(({ sample }) => sample));
    const [whole, rest] = [null, file].map((exclude) =>
      prepareData(dataset, ConfigSchema.parse({ data: { exclude } })),
    );
    const left = whole!.train.count + whole!.validation.count - found.length;
    expect(rest!.train.count + rest!.validation.count).toBe(left);
    expect(rest!.test).toEqual(whole!.test);
  });
});

test.each([
  ["sample\n3\nx\n", ':3: expected the number of a training sample, 0 to 9, but found "x"'],
  ["10,a\n", ':1: expected the number of a training sample, 0 to 9, but found "10"'],
])("a file that names no training samples is refused: %j", (text, message) => {
  const file = join(temporaryFolder(), "left-out.csv");
  writeFileSync(file, text);
  expect(() => readExcluded(file, 10)).toThrow(message);
});
