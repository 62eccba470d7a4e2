import { describe, expect, test } from "vitest";
import { Sampler } from "../../../src/train/sampler.js";

const options = { batch: 10, seed: 3, importance: false, maps: 0 };

describe("batches", () => {
  test("hold every sample once an epoch, and a few more to fill the last one", () => {
    const sampler = new Sampler(47, options);
    const first = sampler.draw(100);
    expect(first.steps).toBe(5);
    const count = new Uint32Array(47);
    for (const sample of first.chosen) count[sample]!++;
    expect(Math.min(...count)).toBe(1);
    expect(count.reduce((a, b) => a + b)).toBe(50);
    expect(new Set(first.weights)).toEqual(new Set([1]));
    expect(sampler.draw(5).chosen).not.toEqual(first.chosen);
  });

  test("are the same in whatever pieces they are drawn, and after a restore", () => {
    const whole = new Sampler(47, { ...options, maps: 8 }).draw(5);
    const sampler = new Sampler(47, { ...options, maps: 8 });
    const begin = sampler.draw(2);
    const other = new Sampler(47, { ...options, seed: 4, maps: 8 });
    other.restore(sampler.save());
    const rest = other.draw(9);
    for (const key of ["chosen", "weights", "maps"] as const) {
      expect([...begin[key], ...rest[key]]).toEqual([...whole[key]]);
    }
    expect(new Set(whole.maps).size).toBeGreaterThan(4);
  });
});

test("importance draws what is not known more often, and weights make up for it", () => {
  const sampler = new Sampler(1000, { ...options, batch: 100, importance: true });
  const all = Uint32Array.from({ length: 1000 }, (_, s) => s);
  // The first 200 samples are known by a half, the others fully.
  sampler.learn(
    all,
    Float32Array.from(all, (s) => (s < 200 ? 0.5 : 1)),
  );
  sampler.draw(10);
  let [hard, weighted, drawn] = [0, 0, 0];
  for (let epoch = 0; epoch < 20; epoch++) {
    const { chosen, weights } = sampler.draw(10);
    chosen.forEach((sample, i) => {
      drawn++;
      weighted += weights[i]!;
      if (sample < 200) hard++;
    });
  }
  // 200 * 0.55 of 200 * 0.55 + 800 * 0.05.
  expect(Math.abs(hard / drawn - 110 / 150)).toBeLessThan(0.01);
  expect(Math.abs(weighted / drawn - 1)).toBeLessThan(0.05);
});
