import { expect, test } from "vitest";
import { nearest, suggest } from "../../base/nearest.js";
import { Random } from "../../base/random.js";

test("the same seed gives the same stream, another seed or purpose another", () => {
  const draw = (random: Random): number[] => Array.from({ length: 8 }, () => random.uint32());
  expect(draw(new Random(1))).toEqual(draw(new Random(1)));
  expect(draw(new Random(1))).not.toEqual(draw(new Random(2)));
  expect(draw(Random.forPurpose(1, "a"))).not.toEqual(draw(Random.forPurpose(1, "b")));
});

test("a restored generator goes on where the saved one was, the spare normal deviate too", () => {
  const random = new Random(3);
  random.normal();
  const copy = Random.restore(random.save());
  expect([copy.normal(), copy.uint32()]).toEqual([random.normal(), random.uint32()]);
});

test("below is uniform, normal has mean 0 and variance 1", () => {
  const random = new Random(4);
  const counts = new Uint32Array(7);
  for (let i = 0; i < 70_000; i++) counts[random.below(7)]!++;
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  const normals = Array.from({ length: 20_000 }, () => random.normal());
  const mean = normals.reduce((a, b) => a + b) / normals.length;
  const variance = normals.reduce((a, b) => a + (b - mean) ** 2, 0) / normals.length;
  expect(Math.abs(mean)).toBeLessThan(0.03);
  expect(Math.abs(variance - 1)).toBeLessThan(0.04);
  expect(() => random.below(0)).toThrow(RangeError);
});

test("shuffle gives a permutation", () => {
  const order = new Random(5).shuffle(Array.from({ length: 50 }, (_, i) => i));
  expect(order).not.toEqual([...order].sort((a, b) => a - b));
  expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
});

test("nearest finds the misspelt name and no far one", () => {
  expect(nearest("epoch", ["epochs", "batch"])).toBe("epochs");
  expect(nearest("zzzzzz", ["epochs", "batch"])).toBeUndefined();
  expect(suggest("zzzzzz", ["epochs"])).toContain("known are: epochs");
});
