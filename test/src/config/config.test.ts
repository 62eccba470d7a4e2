import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { loadConfig } from "../../../src/config/load.js";
import { ConfigSchema } from "../../../src/config/schema.js";
import { writeConfig } from "../../../src/config/write.js";
import { temporaryFolder, writeIn } from "../../support/folder.js";

const load = (text: string, ...overrides: Parameters<typeof loadConfig>[1]) =>
  loadConfig(writeIn(temporaryFolder(), "dbnc.yaml", text), overrides);

test("defaults, then the project file, then the command line", () => {
  const config = load("seed: 5\ntrain:\n  batch: 32\n", { key: "train.batch", value: 64, from: "--set" });
  expect([config.name, config.seed, config.train.batch, config.network.layers]).toEqual([
    "demo",
    5,
    64,
    [2000, 2000],
  ]);
});

test("a run without a name gets that of its data", () => {
  const name = (source: string): string =>
    load("", { key: "data.source", value: source, from: "--data" }).name;
  expect(["demo", "../data/mnist/", "x/Dry_Bean.csv.gz", "3 d.csv"].map(name)).toEqual([
    "demo",
    "mnist",
    "Dry_Bean",
    "data-3-d",
  ]);
  expect(load("name: mine\ndata:\n  source: a.csv\n").name).toBe("mine");
});

test("what is written is what is read, with and without comments", () => {
  const config = ConfigSchema.parse({
    name: "x",
    network: { layers: [30], temperature: 2.5 },
    data: { drop: ["id", 3] },
  });
  for (const comments of [true, false]) expect(load(writeConfig(config, { comments }))).toEqual(config);
});

test("the commented file explains every key", () => {
  const text = writeConfig(ConfigSchema.parse({}), { comments: true });
  const count = (value: unknown): number =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.values(value).reduce((n: number, v) => n + count(v), 0)
      : 1;
  const comments = text.split("\n").filter((line) => line.trim().startsWith("#")).length;
  expect(comments).toBeGreaterThanOrEqual(count(parse(text)));
});

describe("errors", () => {
  test.each([
    [
      "an unknown key, with the nearest",
      "train:\n  epoch: 3\n",
      'expected a known key but found "train.epoch"',
      'did you mean "epochs"?',
    ],
    ["an unknown group", "trane: {}\n", 'found "trane"', 'did you mean "train"?'],
    [
      "a value of another kind",
      "train:\n  epochs: many\n",
      'train.epochs: expected number but found "many"',
      "",
    ],
    [
      "a value out of range",
      "data:\n  validationFraction: 2\n",
      "data.validationFraction: expected number to be <1 but found 2",
      "",
    ],
    ["YAML that is none", "a: [1\n", "dbnc.yaml:2:1: expected YAML", "mend"],
    ["a list", "- 1\n", "expected keys and values", ""],
    ["a name that no module can have", "name: 3d\n", "name: expected a letter", ""],
  ])("%s", (_what, text, message, hint) => {
    expect(() => load(text)).toThrow(message);
    expect(() => load(text)).toThrow(expect.objectContaining({ hint: expect.stringContaining(hint) }));
  });
  test("no such file", () => {
    expect(() => loadConfig("/nowhere.yaml", [])).toThrow(
      "/nowhere.yaml: expected a project file but found none",
    );
  });
});
