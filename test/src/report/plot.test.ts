import { expect, test } from "vitest";
import { type Plot, plotSvg } from "../../../src/report/plot.js";
import { scaleOf } from "../../../src/report/plot-axis.js";

const plot = (more: Partial<Plot> = {}): Plot => ({
  title: "loss & accuracy",
  x: { label: "step" },
  y: { label: "loss", format: (v) => `${v} nats` },
  series: [
    {
      name: "a < b",
      mark: "line",
      points: [
        [0, 1],
        [10, 3],
        [20, 2],
      ],
    },
    {
      name: "runs",
      mark: "points",
      points: [
        [15, Number.NaN],
        [5, 2],
      ],
      notes: ["gone", 'say "hi"'],
    },
  ],
  ...more,
});

/** The number in an attribute of every element that matches. */
const numbers = (svg: string, pattern: RegExp): number[] =>
  [...svg.matchAll(pattern)].map((m) => Number(m[1]));

test("points land where the ticks say they are", () => {
  const svg = plotSvg([
    plot({
      series: [
        {
          name: "p",
          mark: "points",
          points: [
            [0, 0],
            [10, 30],
            [20, 40],
          ],
        },
      ],
    }),
  ]);
  const places = [...svg.matchAll(/cx="([\d.]+)" cy="([\d.]+)"/g)].map(
    (m) => [Number(m[1]), Number(m[2])] as const,
  );
  expect(places.map(([, y]) => y)).toEqual(places.map(([, y]) => y).sort((a, b) => b - a));
  const tickAt = (label: string, attribute: string): number =>
    Number(new RegExp(`<text ${attribute}[^>]*>${label}</text>`).exec(svg)![1]);
  for (const [i, x, y] of [
    [0, "0", "0 nats"],
    [1, "10", "30 nats"],
    [2, "20", "40 nats"],
  ] as const) {
    expect(places[i]![0]).toBeCloseTo(tickAt(x, 'x="([\\d.]+)"'), 5);
    expect(places[i]![1]).toBeCloseTo(tickAt(y, 'x="[\\d.]+" y="([\\d.]+)"') - 4, 5);
  }
});

test("text is escaped, a point that is no number left out, and its note with it", () => {
  const svg = plotSvg([plot()]);
  expect(svg).toContain("a &#60; b");
  expect(svg).toContain("<title>say &#34;hi&#34;</title>");
  expect(svg).not.toContain("gone");
  expect(svg).not.toContain("NaN");
});

test("several plots stand one above the other, and the same plots give the same bytes", () => {
  const svg = plotSvg([plot(), plot({ title: "second" })]);
  expect(numbers(svg, /translate\(0 (\d+)\)/g)).toEqual([0, 340]);
  expect(svg).toBe(plotSvg([plot(), plot({ title: "second" })]));
  expect(svg).toContain("prefers-color-scheme:dark");
});

test("a front is stepped", () => {
  const svg = plotSvg([
    plot({
      series: [
        {
          name: "f",
          mark: "front",
          points: [
            [1, 1],
            [2, 2],
          ],
        },
      ],
    }),
  ]);
  expect(svg).toMatch(/class="s0 line" d="M[\d.]+ [\d.]+H[\d.]+V[\d.]+"/);
});

test.each([
  ["linear", [0.1, 0.5], [0.1, 0.2, 0.3, 0.4, 0.5]],
  ["linear", [0, 30_000], [0, 5000, 10_000, 15_000, 20_000, 25_000, 30_000]],
  ["linear", [0.9712, 0.9858], [0.9725, 0.975, 0.9775, 0.98, 0.9825, 0.985]],
  ["log", [100, 9000], [100, 200, 500, 1000, 2000, 5000, 10_000]],
  ["log", [113, 130], [115, 120, 125, 130]],
  ["log", [1, 1e9], [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]],
] as const)("ticks of a %s axis over %j are round", (scale, values, expected) => {
  expect(scaleOf({ label: "", scale }, values).ticks).toEqual(expected);
});

test.each([[[]], [[5]], [[0, 0]], [[Number.NaN]]])("an axis over %j still has a length", (values) => {
  for (const scale of ["linear", "log"] as const) {
    const { at, ticks } = scaleOf({ label: "", scale }, values);
    expect(ticks.length).toBeGreaterThan(0);
    for (const t of ticks) expect(at(t) >= 0 && at(t) <= 1).toBe(true);
  }
});
