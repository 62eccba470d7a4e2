import { expect, test } from "vitest";
import { Random } from "../../../base/random.js";
import { NearestNodes, offerBySignatures } from "../../../compiler/prune/neighbours.js";

const WORDS = 32;
const FIRST = 200;

/** Random rows, some rare; row `1000 + i` is row `i` with a few bits flipped, every second one complemented. */
function planted(seed: number): Uint32Array {
  const random = new Random(seed);
  const values = new Uint32Array(2000 * WORDS);
  for (let node = 1; node < 1000; node++) {
    for (let w = 0; w < WORDS; w++) {
      values[node * WORDS + w] = node % 3 === 0 ? random.uint32() & random.uint32() : random.uint32();
      values[(1000 + node) * WORDS + w] = values[node * WORDS + w]! ^ (node % 2 === 0 ? -1 : 0);
    }
    for (let flip = 0; flip < 10; flip++)
      values[(1000 + node) * WORDS + random.below(WORDS)]! ^= 1 << random.below(32);
  }
  return values;
}

test("signatures find near nodes and near complements", () => {
  const values = planted(1);
  const near = new NearestNodes({ first: FIRST, values, words: WORDS }, 3);
  offerBySignatures({ first: FIRST, values, words: WORDS }, near, { seed: 1, tables: 8, window: 8 });
  let found = 0;
  for (let node = 1; node < 1000; node++) if (near.node[(1000 + node) * 3] === node) found++;
  expect(found).toBeGreaterThan(950);
  expect(near.count.subarray(0, FIRST).every((count) => count === 0)).toBe(true);
  for (let node = FIRST; node < 2000; node++) {
    for (let i = 0; i < near.count[node]!; i++) {
      expect(near.node[node * 3 + i]).toBeLessThan(node);
      if (i > 0) expect(near.distance[node * 3 + i]).toBeGreaterThanOrEqual(near.distance[node * 3 + i - 1]!);
    }
  }
});

test("the nearest are kept, each once", () => {
  // Node n has the n lowest bits set: the distance of x and y is |x - y|, or 32 less that.
  const values = Uint32Array.from({ length: 17 }, (_, n) => 2 ** n - 1);
  const near = new NearestNodes({ first: 2, values, words: 1 }, 3);
  for (let x = 0; x < 17; x++) for (let y = x + 1; y < 17; y++) for (const _ of [0, 1]) near.offer(y, x);
  expect([...near.node.subarray(3 * 10, 3 * 11)]).toEqual([9, 8, 7]);
  expect([...near.distance.subarray(3 * 10, 3 * 11)]).toEqual([1, 2, 3]);
  expect([...near.node.subarray(6, 9)]).toEqual([1, 0, 0]);
  expect([...near.count.subarray(0, 4)]).toEqual([0, 0, 2, 3]);
});
