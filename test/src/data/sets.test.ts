import { dirname } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { type Encoder, encodeSamples, quantise } from "../../../compiler/ir/encoder.js";
import { pixelFeatures, type Samples } from "../../../src/data/dataset.js";
import { demoDataset } from "../../../src/data/demo.js";
import { fitEncoder } from "../../../src/data/fit-encoder.js";
import { readFolder } from "../../../src/data/folder.js";
import { loadDataset, loadSamples } from "../../../src/data/load.js";
import { quantiseSamples } from "../../../src/data/quantise-samples.js";
import { splitSamples } from "../../../src/data/split.js";
import { temporaryFolder, writeIn } from "../../support/folder.js";
import { real, testWithData } from "../../support/real-data.js";
import { idx } from "./idx-file.js";

describe("demo digits", () => {
  const demo = demoDataset(1);
  test("the same seed draws the same, another seed others", () => {
    expect(demoDataset(1)).toEqual(demo);
    expect(demoDataset(2).train.values).not.toEqual(demo.train.values);
  });
  test("the nearest neighbour is right for 85 to 99%", () => {
    const features = demo.features.length;
    const distance = (s: number, r: number, limit: number): number => {
      let sum = 0;
      for (let f = 0; f < features && sum < limit; f++)
        sum += (demo.test.values[s * features + f]! - demo.train.values[r * features + f]!) ** 2;
      return sum;
    };
    let right = 0;
    for (let s = 0; s < 500; s++) {
      let [best, label] = [Number.POSITIVE_INFINITY, -1];
      for (let r = 0; r < demo.train.count; r++) {
        const d = distance(s, r, best);
        if (d < best) [best, label] = [d, demo.train.labels[r]!];
      }
      if (label === demo.test.labels[s]) right++;
    }
    expect(right / 500).toBeGreaterThan(0.85);
    expect(right / 500).toBeLessThan(0.99);
  });
});

test("a split is stratified, whole and repeatable", () => {
  const labels = Uint16Array.from({ length: 100 }, (_, s) => (s < 70 ? 0 : s < 98 ? 1 : 2));
  const samples: Samples = { count: 100, values: Float64Array.from({ length: 100 }, (_, s) => s), labels };
  const options = { fraction: 0.1, classes: 3, seed: 1, purpose: "validation" } as const;
  const { rest, part } = splitSamples(samples, options);
  expect([0, 1, 2].map((c) => part.labels.filter((label) => label === c).length)).toEqual([7, 3, 1]);
  expect([...rest.values, ...part.values].sort((a, b) => a - b)).toEqual([...samples.values]);
  expect(splitSamples(samples, options)).toEqual({ rest, part });
  expect(splitSamples(samples, { ...options, purpose: "test" }).part.values).not.toEqual(part.values);
});

describe("fitting an encoder", () => {
  const column = (values: readonly number[]): Samples => ({
    count: values.length,
    values: Float64Array.from(values),
    labels: new Uint16Array(values.length),
  });
  const options = { bits: 3, thresholds: "uniform", width: 8, minimumVariation: 0 } as const;
  const fitted = (values: readonly number[], more: Partial<Parameters<typeof fitEncoder>[2]> = {}) =>
    fitEncoder([{ kind: "number", name: "x" }], column(values), { ...options, ...more }, false);

  test.each([
    ["bytes", [0, 255, 7], { kind: "fixed", signed: false, width: 8, scale: 1 }],
    ["small integers", [0, 5, 7], { kind: "fixed", signed: false, width: 3, scale: 1 }],
    ["signed integers", [-8, 7], { kind: "fixed", signed: true, width: 4, scale: 1 }],
    ["flags", [0, 1, 1], { kind: "boolean" }],
    ["fractions", [0, 0.5, 3.1], { kind: "fixed", signed: false, width: 8, scale: 2 ** -6 }],
    ["signed fractions", [-0.9, 0.4], { kind: "fixed", signed: true, width: 8, scale: 2 ** -7 }],
    ["huge integers", [0, 2 ** 30], { kind: "fixed", signed: false, width: 8, scale: 2 ** 23 }],
  ])("%s get the narrowest type that holds them", (_what, values, type) => {
    const { features } = fitted(values);
    expect(features[0]!.type).toEqual(type);
  });

  test("thresholds: uniform, quantile, given; never outside what varies", () => {
    const values = Array.from({ length: 101 }, (_, i) => i);
    const of = (more: Partial<Parameters<typeof fitEncoder>[2]>, data = values) =>
      fitted(data, more).bits.map(({ value }) => value);
    expect(of({})).toEqual([25, 50, 75]);
    expect(of({ thresholds: "quantile" })).toEqual([25, 50, 75]);
    expect(of({ thresholds: [200, 10, 10, 0] })).toEqual([10]);
    // Four bits hold what varies, 0 to 9: 10 and 12 are past what is seen, 20 past what four bits hold.
    expect(
      of(
        { thresholds: [5, 12, 20] },
        Array.from({ length: 60 }, (_, i) => i % 10),
      ),
    ).toEqual([5]);
    expect(
      of(
        { thresholds: [5, 20] },
        Array.from({ length: 64 }, (_, i) => i % 16),
      ),
    ).toEqual([5]);
    const dark = [...new Array<number>(300).fill(0), ...values.map((v) => v + 1)];
    expect(of({ thresholds: "quantile" }, dark)).toEqual([26, 51, 76]);
    expect(of({ minimumVariation: 0.3 })).toEqual([50]);
  });

  test("a feature that never varies stays on the interface without bits; categories get a bit each", () => {
    const values = Float64Array.of(3, 0, 3, 1, 3, 2);
    const features = [
      { kind: "number", name: "same" },
      { kind: "category", name: "colour", categories: ["r", "g", "b"] },
    ] as const;
    const encoder = fitEncoder(features, { count: 3, values, labels: new Uint16Array(3) }, options, false);
    expect(encoder.features.map(({ name }) => name)).toEqual(["same", "colour"]);
    expect(encoder.bits).toEqual([0, 1, 2].map((value) => ({ feature: 1, test: "equals", value })));
  });

  test("images share one range", () => {
    const samples: Samples = { count: 2, values: Uint8Array.of(0, 0, 255, 40), labels: new Uint16Array(2) };
    const encoder = fitEncoder(pixelFeatures([1, 2], 8), samples, options, true);
    expect(encoder.bits.map(({ feature, value }) => [feature, value])).toEqual([
      [0, 64],
      [0, 128],
      [0, 192],
    ]);
  });

  test("bytes are passed on as they are, and that is what quantising gives", () => {
    const demo = demoDataset(3);
    const encoder = fitEncoder(demo.features, demo.test, options, true);
    const codes = quantiseSamples(encoder, demo.test);
    expect(codes).toBe(demo.test.values);
    expect([...codes.subarray(0, 500)]).toEqual(
      [...demo.test.values.subarray(0, 500)].map((v, i) => quantise(encoder.features[i % 196]!.type, v)),
    );
    const floats = quantiseSamples(encoder, { ...demo.test, values: Float64Array.from(demo.test.values) });
    expect([...floats]).toEqual([...codes]);
    expect(encodeSamples(encoder, floats, 1000)).toEqual(encodeSamples(encoder, codes, 1000));
  });
});

describe("folders", () => {
  const encoderOf = (shape: readonly number[]): Encoder => {
    const size = shape.reduce((product, n) => product * n, 1);
    return fitEncoder(
      pixelFeatures(shape, 8),
      { count: 1, values: new Uint8Array(size), labels: new Uint16Array(1) },
      { bits: 1, thresholds: "uniform", width: 8, minimumVariation: 0 },
      true,
    );
  };
  const images = (n: number) =>
    idx(
      8,
      [n, 2, 2],
      Array.from({ length: 4 * n }, (_, i) => i % 256),
    );
  const labels = (values: readonly number[]) => idx(8, [values.length], values);
  const folderOf = (files: Readonly<Record<string, Uint8Array>>): string => {
    const folder = temporaryFolder();
    for (const [name, content] of Object.entries(files)) writeIn(folder, name, content);
    return folder;
  };
  const four = {
    "train-images-idx3-ubyte": images(3),
    "train-labels-idx1-ubyte": labels([0, 1, 1]),
    "t10k-images-idx3-ubyte": images(2),
    "t10k-labels-idx1-ubyte": labels([1, 0]),
  };
  test("four IDX files are a data set", () => {
    const set = readFolder(folderOf(four));
    expect([set.train.count, set.test.count, set.shape, set.classNames, set.features[3]!.name]).toEqual([
      3,
      2,
      [2, 2],
      ["0", "1"],
      "r1c1",
    ]);
  });
  test.each([
    [
      "files of different sets",
      { "train-labels-idx1-ubyte": labels([0, 1]) },
      "idx/mismatch",
      "expected 3 labels",
    ],
    [
      "a test label of no class",
      { "t10k-labels-idx1-ubyte": labels([1, 5]) },
      "idx/label",
      "expected labels below 2 but found 5 at index 1",
    ],
    [
      "images of another size",
      { "t10k-images-idx3-ubyte": idx(8, [2, 2, 3], new Array(12).fill(0)) },
      "idx/shape",
      "2 x 2 but found 2 x 3",
    ],
    [
      "labels for images",
      { "train-images-idx3-ubyte": labels([1, 2, 3]) },
      "idx/rank",
      "at least 2 dimensions",
    ],
  ])("%s", (_what, files, code, message) => {
    const folder = folderOf({ ...four, ...files });
    expect(() => readFolder(folder)).toThrow(message);
    expect(() => readFolder(folder)).toThrow(expect.objectContaining({ code }));
  });
  test("an unfit folder says what was looked for and what is there", () => {
    expect(() => readFolder(folderOf({ "a.txt": new Uint8Array(1) }))).toThrow("but found a.txt");
    expect(() => readFolder(temporaryFolder())).toThrow("an empty folder");
  });
  test("CIFAR-10 batches, and a cut one", () => {
    const record = (label: number): number[] => [label, ...new Array<number>(3072).fill(label)];
    const bytes = Uint8Array.from([...record(3), ...record(9)]);
    const set = readFolder(
      folderOf({ "data_batch_1.bin": bytes, "data_batch_2.bin": bytes, "test_batch.bin": bytes }),
    );
    expect([set.train.count, [...set.train.labels], set.classNames[3]]).toEqual([4, [3, 9, 3, 9], "cat"]);
    expect(() =>
      readFolder(folderOf({ "data_batch_1.bin": bytes.subarray(0, 5000), "test_batch.bin": bytes })),
    ).toThrow("1927 bytes at offset 3073");
    expect(() =>
      readFolder(folderOf({ "data_batch_1.bin": Uint8Array.from(record(10)), "test_batch.bin": bytes })),
    ).toThrow("label from 0 to 9 at offset 0");
  });
  test("samples to classify must be as large as those trained on", () => {
    const encoder = encoderOf([2, 2]);
    for (const name of ["x-idx3-ubyte", "images told by their first bytes"])
      expect(loadSamples(writeIn(temporaryFolder(), name, images(5)), encoder, csv).count).toBe(5);
    expect(() =>
      loadSamples(writeIn(temporaryFolder(), "x-idx3-ubyte", idx(8, [1, 3], [1, 2, 3])), encoder, csv),
    ).toThrow("expected 4 values a sample but found 3 (1 x 3)");
  });
  test("colour images to classify: CIFAR-10's files, whatever their first bytes, and IDX of three planes", () => {
    const encoder = encoderOf([3, 32, 32]);
    const pixels = Array.from({ length: 2 * 3072 }, (_, i) => i % 251);
    const cifar = Uint8Array.from([0, ...pixels.slice(0, 3072), 9, ...pixels.slice(3072)]);
    const files = { "test_batch.bin": cifar, "test_batch.bin.gz": gzipSync(cifar) };
    for (const [name, content] of Object.entries({ ...files, x: idx(8, [2, 3, 32, 32], pixels) })) {
      const { count, values } = loadSamples(writeIn(temporaryFolder(), name, content), encoder, csv);
      expect([count, [...values]], name).toEqual([2, pixels]);
    }
    const file = writeIn(temporaryFolder(), "test_batch.bin", cifar);
    expect(() => loadSamples(file, encoderOf([2, 2]), csv)).toThrow(
      "expected 4 values a sample but found 3072 (2 x 3 x 32 x 32)",
    );
  });
});

const csv = {
  header: null,
  delimiter: null,
  comment: null,
  label: "last",
  drop: [],
  missing: "error",
  test: null,
  testFraction: 0.2,
  exclude: null,
} as const;

test("one CSV file is split, stratified, into training and test samples", () => {
  const path = writeIn(
    temporaryFolder(),
    "flowers.csv",
    Array.from({ length: 50 }, (_, i) => `${i},${i % 2}`).join("\n"),
  );
  const set = loadDataset({ ...csv, source: path }, 1);
  expect([set.name, set.train.count, set.test.count]).toEqual(["flowers", 40, 10]);
  expect(() => loadDataset({ ...csv, source: dirname(path), test: path }, 1)).toThrow(
    "data.test: expected none beside the folder",
  );
  expect(() => loadDataset({ ...csv, source: "/nowhere" }, 1)).toThrow(
    "/nowhere: expected a folder or a file but found none",
  );
});

testWithData("cifar10")("CIFAR-10 as IDX of rank 4", () => {
  const set = readFolder(real("cifar10"));
  expect([set.train.count, set.test.count, set.shape]).toEqual([50000, 10000, [3, 32, 32]]);
  expect([...set.train.labels.subarray(0, 5)]).toEqual([6, 9, 9, 4, 1]);
  const levels = new Uint32Array(4);
  for (const v of set.test.values) levels[v]!++;
  expect([...levels]).toEqual([6507158, 10527772, 8642504, 5042566]);
});

testWithData("fashion-mnist")("Fashion-MNIST", () => {
  const { test: samples } = readFolder(real("fashion-mnist"));
  expect([samples.count, Float64Array.from(samples.values).reduce((a, b) => a + b, 0)]).toEqual([
    10000, 573_469_082,
  ]);
});
