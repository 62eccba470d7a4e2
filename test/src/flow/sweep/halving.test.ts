import { describe, expect, test } from "vitest";
import { Random } from "../../../../base/random.js";
import { median } from "../../../../src/flow/median.js";
import {
  medianOf,
  type PointResult,
  paretoFront,
  ranked,
  rungSizes,
} from "../../../../src/flow/sweep/halving.js";
import { sweepCsv, sweepPlot, sweepTable } from "../../../../src/flow/sweep/results.js";
import { seeds } from "../../../support/random-design.js";

interface Draft {
  id: string;
  epochs?: number;
  validation: number[];
  gates?: number;
  test?: number;
  failures?: string[];
}

const result = ({
  id,
  epochs = 8,
  validation,
  gates = 100,
  test: accuracy = 0.5,
  failures = [],
}: Draft): PointResult => ({
  point: { id, settings: { "network.candidates": id } },
  epochs,
  runs: validation.map((v, i) => ({ seed: i + 1, validation: v, gates, test: accuracy, seconds: 1 })),
  failures,
});
const ids = (results: readonly PointResult[]): string[] => results.map(({ point }) => point.id);

test("the median is the middle value, or the mean of the two", () => {
  expect(median([0.9, 0.1, 0.5])).toBe(0.5);
  expect(median([4, 1, 2, 100])).toBe(3);
  expect(median([])).toBe(0);
});

test.each([
  [16, 3, 0.5, [16, 8, 4]],
  [10, 3, 0.25, [10, 3, 1]],
  [2, 4, 0.1, [2, 1, 1, 1]],
])("%i points over %i rungs, keeping %f", (points, rungs, keep, expected) => {
  expect(rungSizes(points, rungs, keep)).toEqual(expected);
});

test("ranked by the median, not the best seed; longer rungs first, failed points last, and test plays no part", () => {
  const results = [
    result({ id: "lucky", validation: [0.99, 0.5, 0.5], test: 1 }),
    result({ id: "steady", validation: [0.8, 0.81, 0.8], test: 0 }),
    result({ id: "equal, larger", validation: [0.8, 0.8, 0.8], gates: 101 }),
    result({ id: "short", epochs: 2, validation: [0.95, 0.95, 0.95] }),
    result({ id: "broken", validation: [0.99, 0.99], failures: ["seed 3: no"] }),
  ];
  expect(ids(ranked(results))).toEqual(["steady", "equal, larger", "lucky", "short", "broken"]);
  expect(ids(ranked([...results].reverse()))).toEqual(ids(ranked(results)));
});

test.each(seeds(30))(
  "the front holds exactly the points of the last rung that none is better than (seed %i)",
  (seed) => {
    const random = new Random(seed);
    const results = Array.from({ length: 12 }, (_, i) =>
      result({
        id: `p${i}`,
        epochs: random.below(4) === 0 ? 2 : 8,
        validation: [random.below(8) / 8],
        gates: random.below(8),
      }),
    );
    const last = results.filter(({ epochs }) => epochs === Math.max(...results.map((r) => r.epochs)));
    const value = (r: PointResult): [number, number] => [medianOf(r, "gates"), medianOf(r, "validation")];
    const beaten = (r: PointResult): boolean =>
      last.some((o) => {
        const [[g, v], [og, ov]] = [value(r), value(o)];
        return og <= g && ov >= v && (og < g || ov > v);
      });
    const distinct = new Set(last.filter((r) => !beaten(r)).map((r) => value(r).join()));
    expect(new Set(paretoFront(results).map((r) => value(r).join()))).toEqual(distinct);
    expect(paretoFront(results)).toHaveLength(distinct.size);
  },
);

describe("what is shown", () => {
  const results = ranked([
    result({ id: "pa", validation: [0.75, 0.875], gates: 1234, test: 0.123456 }),
    result({ id: "pb", validation: [0.5, 0.625], gates: 90, test: 0.234567 }),
    result({ id: "pc", epochs: 2, validation: [0.25, 0.375], test: 0.345678 }),
    result({ id: "pd", validation: [], failures: ['seed 1: a "bad", thing'] }),
  ]);
  test("the table has medians, ranges, the front, and no test accuracy", () => {
    const lines = sweepTable(results, new Set()).split("\n");
    expect(lines[1]).toMatch(/^1\* +pa +pa +8 +81\.25% +75\.00%–87\.50% +1,234$/);
    expect(lines[2]).toMatch(/^2\* +pb/);
    expect(lines[3]).toMatch(/^3 +pc +pc +2 +31\.25%/);
    expect(lines[4]).toMatch(/^4 +pd +pd +8 +failed +seed 1: a "bad", thing$/);
    expect(lines.join("\n")).not.toMatch(/test|12\.3|23\.4|34\.5/);
  });
  test("final points alone show theirs", () => {
    const table = sweepTable(results, new Set(["pb"]));
    expect(table).toMatch(/test\n/);
    expect(table).toMatch(/23\.46%/);
    expect(table).not.toMatch(/12\.3|34\.5/);
  });
  test("the CSV has a line for every run, quoted where it must be, and no test accuracy", () => {
    const csv = sweepCsv(results);
    expect(csv.split("\n").slice(0, 3)).toEqual([
      "rank,point,network.candidates,epochs,seed,validation,gates,seconds,failure",
      "1,pa,pa,8,1,0.75,1234,1.0,",
      "1,pa,pa,8,2,0.875,1234,1.0,",
    ]);
    expect(csv).toContain('4,pd,pd,8,,,,,"seed 1: a ""bad"", thing"\n');
    expect(csv).not.toMatch(/test|0\.123456|0\.234567|0\.345678/);
  });
  test("the plot has the front, the others and those that stopped early, and no test accuracy", () => {
    const svg = sweepPlot("name", results);
    expect(svg.match(/<circle/g)).toHaveLength(3);
    expect(svg).not.toMatch(/12\.3|23\.4|34\.5/);
  });
});
