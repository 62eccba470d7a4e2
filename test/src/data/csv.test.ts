import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import {
  type CsvDataOptions,
  readTestCsv,
  readTrainingCsv,
  readUnlabelledCsv,
} from "../../../src/data/csv.js";
import { temporaryFolder, writeIn } from "../../support/folder.js";
import { real, testWithData } from "../../support/real-data.js";

const defaults: CsvDataOptions = {
  header: null,
  delimiter: null,
  comment: null,
  label: "last",
  drop: [],
  missing: "error",
};
const read = (text: string | Uint8Array, options: Partial<CsvDataOptions> = {}) =>
  readTrainingCsv(writeIn(temporaryFolder(), "data.csv", text), { ...defaults, ...options });

test("a header, a named label, numbers and categories", () => {
  const { layout, samples } = read("kind,size,colour,id\nb,1.5,red,7\na,2,green,8\nb,-1,red,9\n", {
    label: "kind",
    drop: ["id"],
  });
  expect(layout.classNames).toEqual(["a", "b"]);
  expect(layout.features).toEqual([
    { kind: "number", name: "size" },
    { kind: "category", name: "colour", categories: ["green", "red"] },
  ]);
  expect([...samples.values]).toEqual([1.5, 1, 2, 0, -1, 1]);
  expect([...samples.labels]).toEqual([1, 0, 1]);
});

test.each([
  ["commas and CRLF", "1,2,a\r\n3,4,b\r\n", {}],
  ["semicolons", "1;2;a\n3;4;b\n", {}],
  ["tabs", "1\t2\ta\n3\t4\tb\n", {}],
  ["blanks, the first one too", " 1  2 a\n 3 4   b\n", {}],
  ["a comment and an empty line", "|note, with commas\n1,2,a\n\n3,4,b\n", { comment: "|" }],
  ["gzip", gzipSync("1,2,a\n3,4,b\n"), {}],
  ["a byte order mark", "\uFEFF1,2,a\n3,4,b\n", {}],
  ["quotes", '"1",2,"a"\n3,4,b\n', {}],
])("%s", (_what, text, options) => {
  const { layout, samples } = read(text, options);
  expect(layout.classNames).toEqual(["a", "b"]);
  expect([...samples.values]).toEqual([1, 2, 3, 4]);
});

test("classes that are numbers are in numeric order; a header is found by itself or as told", () => {
  expect(read("x,y\n1,10\n2,9\n3,100\n").layout.classNames).toEqual(["9", "10", "100"]);
  expect(read("a,b\nc,d\n", { header: false }).samples.count).toBe(2);
  expect(read("1,2\n3,4\n5,6\n", { header: true }).samples.count).toBe(2);
});

describe("errors say where", () => {
  test.each([
    ["ragged rows", "1,2,a\n3,b\n", {}, "csv/ragged", ":2: expected 3 fields but found 2"],
    [
      "a missing value",
      "x,y,l\n1,2,a\n3,?,b\n",
      {},
      "csv/missing",
      ':3: column "y": expected a value but found "?"',
    ],
    [
      "an unknown label column",
      "x,size,l\n1,2,a\n",
      { label: "sise" },
      "csv/column",
      'a label column "sise" but found none',
    ],
    ["no rows", "\n\n", {}, "csv/empty", "expected rows but found none"],
    ["only a header", "x,y\n", { header: true }, "csv/empty", "below the first line"],
    ["one class", "1,a\n2,a\n", {}, "csv/classes", 'only "a"'],
    ["no features", "a\nb\n", {}, "csv/columns", "feature columns"],
    ["an open quote", '1,"a\n2,b\n', {}, "csv/syntax", "expected CSV"],
    [
      "a slip among numbers",
      `x,l\n${"1,a\n2,b\n".repeat(30)}4o,a\n`,
      {},
      "csv/number",
      ':62: column "x": expected a number but found "4o"',
    ],
    ["a number out of range", `${"1,a\n2,b\n".repeat(20)}1e999,a\n`, {}, "csv/number", ":41: column"],
    ["two columns of one name", "x,x,l\n1,2,a\n3,4,b\n", {}, "csv/header", 'found "x" twice'],
    ["a file that is no text", "1,a\0\n2,b\n", {}, "csv/binary", "a zero byte at offset 3"],
    ["a gap among numbers", "1,a\n,b\n3,a\n", { missing: "category" }, "csv/missing", ":2: column"],
  ] as const)("%s", (_what, text, options, code, message) => {
    expect(() => read(text, options)).toThrow(message);
    expect(() => read(text, options)).toThrow(expect.objectContaining({ code }));
  });
});

test("missing values: rows dropped, or a category of their own", () => {
  expect(read("1,r,a\n2,?,b\n3,g,b\n", { missing: "drop-row" }).samples.count).toBe(2);
  const { layout } = read("1,r,a\n2,?,b\n3,g,b\n", { missing: "category" });
  expect(layout.features[1]).toMatchObject({ categories: ["?", "g", "r"] });
});

describe("a second file", () => {
  const folder = temporaryFolder;
  const train = "x,colour,l\n1,red,a\n2,green,b\n";
  const both = (text: string) => {
    const { layout } = read(train);
    const path = writeIn(folder(), "new.csv", text);
    return {
      test: () => readTestCsv(path, defaults, layout),
      predict: () => readUnlabelledCsv(path, defaults, layout),
    };
  };
  test("is coded as the first one was; categories and label stops that it adds are known", () => {
    const samples = both("x,colour,l\n5,blue,b.\n6,red,a\n").test();
    expect([[...samples.values], [...samples.labels]]).toEqual([
      [5, -1, 6, 1],
      [1, 0],
    ]);
  });
  test("an unknown class and text among numbers are errors", () => {
    expect(() => both("x,colour,l\n5,red,c\n").test()).toThrow(
      ':2: expected a class of the training file but found "c"',
    );
    expect(() => both("x,colour,l\nmany,red,a\n6,red,a\n").test()).toThrow(
      'column "x": expected a number but found "many"',
    );
  });
  test("to classify: columns by name in any order, label or not", () => {
    expect([...both("colour,x\ngreen,3\n").predict().values]).toEqual([3, 0]);
    expect(() => both("colour,y\ngreen,3\n").predict()).toThrow('a feature column "x"');
  });
});

testWithData("uci")("the UCI files read as their facts say", () => {
  const adult = readTrainingCsv(real("uci/adult.data.gz"), { ...defaults, missing: "category" });
  expect([adult.samples.count, ...adult.layout.classNames]).toEqual([32561, "<=50K", ">50K"]);
  expect(adult.samples.labels.reduce((a, b) => a + b, 0)).toBe(7841);
  const fnlwgt = Array.from({ length: 32561 }, (_, s) => adult.samples.values[14 * s + 2]!);
  expect(fnlwgt.reduce((a, b) => a + b)).toBe(6_179_373_392);
  const test = readTestCsv(
    real("uci/adult.test.gz"),
    { ...defaults, missing: "category", comment: "|" },
    adult.layout,
  );
  expect([test.count, test.labels.reduce((a, b) => a + b, 0)]).toEqual([16281, 3846]);
  expect(readTrainingCsv(real("uci/adult.data.gz"), { ...defaults, missing: "drop-row" }).samples.count).toBe(
    30162,
  );
  const monks = readTrainingCsv(real("uci/monks-1.train"), { ...defaults, label: "first", drop: [7] });
  expect([
    monks.samples.count,
    monks.layout.features.length,
    monks.samples.labels.reduce((a, b) => a + b, 0),
  ]).toEqual([124, 6, 62]);
  const cancer = readTrainingCsv(real("uci/breast-cancer.data"), {
    ...defaults,
    label: "first",
    missing: "category",
  });
  expect([cancer.samples.count, cancer.samples.labels.reduce((a, b) => a + b, 0)]).toEqual([286, 85]);
  expect(readTrainingCsv(real("uci/iris.data"), defaults).samples.count).toBe(150);
});

testWithData("sklearn")("scikit-learn's files with their first line, digits and beans", () => {
  const wine = readTrainingCsv(real("sklearn/wine_data.csv"), defaults);
  expect([wine.samples.count, wine.layout.features.length, wine.layout.classNames]).toEqual([
    178,
    13,
    ["class_0", "class_1", "class_2"],
  ]);
  expect(readTrainingCsv(real("sklearn/iris.csv"), defaults).layout.classNames).toEqual([
    "setosa",
    "versicolor",
    "virginica",
  ]);
  const digits = readTrainingCsv(real("sklearn/digits.csv.gz"), defaults);
  expect([digits.samples.count, Float64Array.from(digits.samples.values).reduce((a, b) => a + b)]).toEqual([
    1797, 561718,
  ]);
  const beans = readTrainingCsv(real("tabular-float/Dry_Bean_Dataset.csv.gz"), defaults);
  expect([beans.samples.count, beans.layout.features[0]!.name, beans.layout.classNames.length]).toEqual([
    13611,
    "Area",
    7,
  ]);
});
