import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Random } from "../../../base/random.js";
import { suspects, suspectsCsv } from "../../../src/audit/audit.js";
import { judgeHeldOut } from "../../../src/audit/held-out.js";
import { fitMixture, lowerProbability } from "../../../src/audit/mixture.js";
import { ConfigSchema } from "../../../src/config/schema.js";
import { demoDataset } from "../../../src/data/demo.js";
import { readExcluded } from "../../../src/data/exclude.js";
import { prepareData } from "../../../src/flow/prepared-data.js";
import { temporaryFolder } from "../../support/folder.js";
import { seeds } from "../../support/random-design.js";

test.each(seeds(5))("a mixture of two normals is taken apart (seed %i)", (seed) => {
  const random = new Random(seed);
  const low = Uint8Array.from({ length: 6000 }, () => (random.below(5) === 0 ? 1 : 0));
  const values = Float64Array.from(low, (l) =>
    l === 1 ? -3 + 0.7 * random.normal() : 4 + 2 * random.normal(),
  );
  const begin = Uint8Array.from(values, (x) => (x < 1 ? 1 : 0));
  const mixture = fitMixture(values, begin);
  expect(Math.abs(mixture.mean[0] + 3)).toBeLessThan(0.15);
  expect(Math.abs(mixture.mean[1] - 4)).toBeLessThan(0.15);
  expect(Math.abs(mixture.deviation[0] - 0.7)).toBeLessThan(0.1);
  expect(Math.abs(mixture.share[0] - 0.2)).toBeLessThan(0.03);
  const right = values.filter((x, i) => lowerProbability(mixture, x) > 0.5 === (low[i] === 1)).length;
  expect(right / 6000).toBeGreaterThan(0.97);
  // The wider component has both ends, but a value below both means is the lower one's.
  expect(lowerProbability(mixture, -30)).toBeGreaterThan(0.5);
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
    expect(hits / found.length).toBeGreaterThan(0.6);
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
