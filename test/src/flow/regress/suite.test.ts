import { describe, expect, test } from "vitest";
import { buildsOf, filterBuilds } from "../../../../src/flow/regress/builds.js";
import { readSuite, type Suite } from "../../../../src/flow/regress/file.js";
import { temporaryFolder, writeIn } from "../../../support/folder.js";

const read = (text: string): Suite => readSuite(writeIn(temporaryFolder(), "my suite.yaml", text));

describe("a suite file", () => {
  test("gives cases what defaults say, where they say nothing", () => {
    const { name, cases } = read(`
defaults:
  base: { network: { candidates: 4 } }
  set: { train.epochs: 2, train.batch: 64 }
  seeds: [1, 2]
  expect: { accuracy: 0.5, verdicts: { rtl: agreed } }
  limits: { seconds: 9 }
cases:
  a: {}
  b: { set: { train.epochs: 3 }, seeds: [7], until: optimize, expect: { gates: 10, mismatches: 1 }, limits: { megabytes: 5 } }
`);
    expect(name).toBe("my-suite");
    expect(cases[0]).toMatchObject({
      name: "a",
      seeds: [1, 2],
      limits: { seconds: 9, megabytes: null },
      expect: { metrics: { accuracy: 0.5 }, mismatches: 0 },
      tolerance: { accuracy: 0.005, gates: 0.02, noise: 2 },
    });
    expect(cases[1]).toMatchObject({
      seeds: [7],
      until: "optimize",
      limits: { seconds: 9, megabytes: 5 },
      expect: {
        metrics: { accuracy: 0.5, gates: 10 },
        mismatches: 1,
        verdicts: { freeze: "proved", rtl: "agreed", simulation: "agreed" },
      },
    });
    const builds = buildsOf(
      read("cases: { a: { base: { network: { candidates: 4 } }, seeds: [3] } }"),
      "out",
    );
    expect(builds[0]).toMatchObject({ name: "a-s3", path: "out/a-s3", log: "out/logs/a-s3.log" });
    expect(builds[0]!.config).toMatchObject({ name: "a-s3", seed: 3, network: { candidates: 4 } });
  });

  test.each([
    ["cases: {}", /at least one case/],
    ["{}", /cases/],
    ["cases: { a: { expct: {} } }", /expected a known key but found "cases.a.expct"/],
    ["cases: { a: { expect: { accurracy: 1 } } }", /found "cases.a.expect.accurracy"/],
    ["cases: { 1a: {} }", /expected a letter/],
    ["cases: { a: { seeds: [1, 1] } }", /expected different seeds/],
    ["cases: { a: { set: { seed: 3 } } }", /a.set: expected keys other than name and seed/],
    ["cases: { a: { base: gone.yaml } }", /expected a project file but found none/],
  ])("says what is wrong with %s", (text, message) => expect(() => read(text)).toThrow(message));

  test("says which key was meant", () => {
    expect.assertions(1);
    try {
      read("cases: { a: { expect: { accurracy: 1 } } }");
    } catch (error) {
      expect(error).toMatchObject({ hint: 'did you mean "accuracy"?' });
    }
  });

  test("and with a case's configuration, before anything runs", () =>
    expect(() => buildsOf(read("cases: { a: { set: { train.epoch: 3 } } }"), "out")).toThrow(
      /case a: expected a known key but found "train.epoch"/,
    ));
});

describe("filters", () => {
  const names = (...patterns: string[]): string[] => {
    const builds = buildsOf(read("cases: { iris: { seeds: [1, 2] }, iris-2: {}, mnist: {} }"), "out");
    return filterBuilds(builds, patterns).map(({ name }) => name);
  };

  test("name cases, seeds, and any letters by a star", () => {
    expect(names("iris")).toEqual(["iris-s1", "iris-s2"]);
    expect(names("iris/2", "mnist")).toEqual(["iris-s2", "mnist-s1"]);
    expect(names("i*")).toEqual(["iris-s1", "iris-s2", "iris-2-s1"]);
    expect(names("*/2")).toEqual(["iris-s2"]);
  });
  test("that name nothing are an error", () =>
    expect(() => names("iris", "iri")).toThrow(
      /expected a case of the suite, or case\/seed, but found "iri"/,
    ));
});
