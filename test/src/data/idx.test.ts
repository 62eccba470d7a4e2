import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { UserError } from "../../../base/errors.js";
import { Random } from "../../../base/random.js";
import { parseIdx, readIdx, readIdxLabels } from "../../../src/data/idx.js";
import { temporaryFolder, writeIn } from "../../support/folder.js";
import { seeds } from "../../support/random-design.js";
import { real, testWithData } from "../../support/real-data.js";
import { idx, TYPES } from "./idx-file.js";

test.each(Object.keys(TYPES).map(Number) as (keyof typeof TYPES)[])(
  "element type %i is read, of any rank",
  (code) => {
    const { values } = TYPES[code];
    for (const shape of [[3], [3, 1], [1, 3, 1, 1]]) {
      const found = parseIdx(idx(code, shape, values), "x");
      expect(found.shape).toEqual(shape);
      const expected = code === 13 ? Float32Array.from(values) : values;
      expect([...found.values]).toEqual([...expected]);
    }
  },
);

const good = idx(8, [2, 2], [1, 2, 3, 4]);
const broken = (change: (file: Uint8Array) => void): Uint8Array => {
  const file = good.slice();
  change(file);
  return file;
};

describe("each kind of damage has its own error, with file and offset", () => {
  test.each([
    ["no magic number", good.slice(0, 3), "idx/truncated-header", "offset 0 but found 3 bytes"],
    ["another magic number", broken((f) => f.set([0x50], 0)), "idx/magic", "offset 0 but found 50000802"],
    ["an unknown type", broken((f) => f.set([10], 2)), "idx/dtype", "offset 2 but found 10"],
    ["no dimensions", broken((f) => f.set([0], 3)), "idx/rank", "offset 3 but found 0"],
    ["a cut header", good.slice(0, 10), "idx/truncated-header", "2 dimensions at offset 4 but found 6 bytes"],
    ["a cut body", good.slice(0, 14), "idx/truncated", "2 x 2 elements of u8 (16 bytes) but found 14 bytes"],
    ["bytes too many", new Uint8Array([...good, 9]), "idx/trailing", "1 more from offset 16"],
    ["an empty dimension", broken((f) => f.set([0, 0, 0, 0], 4)), "idx/no-elements", "offset 4 but found 0"],
    ["a number that is none", idx(13, [1], [Number.NaN]), "idx/not-finite", "NaN at offset 8"],
  ])("%s", (_what, file, code, message) => {
    const folder = temporaryFolder();
    const path = writeIn(folder, "images", file);
    expect(() => readIdx(path)).toThrow(message);
    expect(() => readIdx(path)).toThrow(path);
    expect(() => readIdx(path)).toThrow(expect.objectContaining({ code }));
  });
  test("missing, empty, folder, damaged gzip, labels of rank 2", () => {
    const folder = temporaryFolder();
    const code = (expected: string) => expect.objectContaining({ code: expected });
    expect(() => readIdx(`${folder}/none`)).toThrow(code("data/missing"));
    expect(() => readIdx(folder)).toThrow(code("data/folder"));
    expect(() => readIdx(writeIn(folder, "empty", ""))).toThrow(code("data/empty"));
    expect(() => readIdx(writeIn(folder, "cut.gz", gzipSync(good).subarray(0, 20)))).toThrow(
      code("data/gzip"),
    );
    expect(() => readIdxLabels(writeIn(folder, "labels", good))).toThrow(code("idx/labels-rank"));
    expect(() => readIdxLabels(writeIn(folder, "labels2", idx(9, [2], [1, -1])))).toThrow(
      "found -1 at index 1",
    );
    expect([...readIdx(writeIn(folder, "good.gz", gzipSync(good))).values]).toEqual([1, 2, 3, 4]);
  });
});

test("random damage gives a UserError or data", () => {
  for (const seed of seeds(400)) {
    const random = new Random(seed);
    const file = good.slice(0, random.below(good.length + 1));
    if (file.length > 0) file[random.below(file.length)] = random.below(256);
    try {
      parseIdx(file, "x");
    } catch (error) {
      expect(error, `seed ${seed}: ${error}`).toBeInstanceOf(UserError);
    }
  }
});

testWithData("mnist")("MNIST reads as its facts say", () => {
  const { shape, values } = readIdx(real("mnist/train-images-idx3-ubyte.gz"));
  expect(shape).toEqual([60000, 28, 28]);
  expect(Float64Array.from(values).reduce((a, b) => a + b, 0)).toBe(1_567_298_545);
  expect([...readIdxLabels(real("mnist/train-labels-idx1-ubyte.gz")).subarray(0, 10)]).toEqual([
    5, 0, 4, 1, 9, 2, 1, 3, 1, 4,
  ]);
});
