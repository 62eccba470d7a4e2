import { expect, test } from "vitest";
import { Random } from "../../../base/random.js";
import { GATE_FUNCTIONS, gateOutput } from "../../../compiler/ir/gate-functions.js";
import { firstGate, type Netlist } from "../../../compiler/ir/netlist.js";
import { coneFunctions, PATTERNS } from "../../../compiler/prune/cone-functions.js";
import { type Cone, conesOf } from "../../../compiler/prune/cones.js";
import { References } from "../../../compiler/prune/references.js";
import { applySubstitutions, rewire } from "../../../compiler/prune/substitution.js";
import { simulateNodes } from "../../../compiler/simulate/bit-parallel.js";
import { randomDesign, seeds } from "../../support/random-design.js";
import { allPatterns } from "../../support/same-function.js";

const INPUTS = 9;
const SAMPLES = 2 ** INPUTS;

interface Case {
  readonly core: Netlist;
  readonly cones: Cone[];
  /** By sample: 0 for those that do not occur in the data. */
  readonly weight: number[];
  readonly weights: Float64Array;
}

/** Cones of a random netlist, on data in which few of the input patterns occur. */
function drawCase(seed: number): Case {
  const drawn = randomDesign(seed, { inputs: INPUTS, gates: 120, outputs: 6 });
  const { core } = applySubstitutions(drawn.core, []);
  const random = Random.forPurpose(seed, "occurring");
  const weight = Array.from({ length: SAMPLES }, () => (random.below(30) === 0 ? 1 + random.below(3) : 0));
  const cones = conesOf(core, new References(core));
  const bit = bitsOf(core);
  const weights = new Float64Array(PATTERNS * cones.length);
  cones.forEach(({ leaves }, i) => {
    for (let s = 0; s < SAMPLES; s++) {
      const pattern = leaves.reduce((p, leaf, k) => p | (bit(leaf, s) << k), 0);
      weights[PATTERNS * i + pattern]! += weight[s]!;
    }
  });
  return { core, cones, weight, weights };
}

function bitsOf(core: Netlist): (node: number, sample: number) => number {
  const words = SAMPLES / 32;
  const values = simulateNodes(core, allPatterns(INPUTS), words);
  return (node, s) => (values[node * words + (s >>> 5)]! >>> (s & 31)) & 1;
}

/** What flips weigh where a node, as it is read, differs from what it was. */
function changed({ core, weight }: Case, node: number, literal: number, after: Netlist): number {
  const [before, now] = [bitsOf(core), bitsOf(after)];
  return weight.reduce(
    (sum, w, s) => sum + (before(node, s) === (now(literal >>> 1, s) ^ (literal & 1)) ? 0 : w),
    0,
  );
}

test.each(seeds(8))("cones: tables say what gates are, and what is freed is no divisor (seed %i)", (seed) => {
  const { core, cones } = drawCase(seed);
  const bit = bitsOf(core);
  const references = new References(core);
  expect(cones.length).toBeGreaterThan(2);
  for (const cone of cones) {
    const freed = references.cone(cone.node);
    expect(freed.length).toBeGreaterThan(1);
    let wrong = 0;
    for (let s = 0; s < SAMPLES; s++) {
      const pattern = cone.leaves.reduce((p, leaf, k) => p | (bit(leaf, s) << k), 0);
      for (const { node, table } of [cone, ...cone.divisors])
        if (((table[pattern >>> 5]! >>> (pattern & 31)) & 1) !== bit(node, s)) wrong++;
    }
    expect(wrong).toBe(0);
    const inner = cone.divisors.map(({ node }) => node).filter((node) => !cone.leaves.includes(node));
    expect(inner.filter((node) => freed.includes(node) || node < firstGate(core))).toEqual([]);
  }
});

test.each(seeds(10))(
  "no function of two divisors harms less, and the harm is what it does (seed %i)",
  (seed) => {
    const drawn = drawCase(seed);
    const { core, cones, weights, weight } = drawn;
    const scored = coneFunctions(cones, weights);
    const bit = bitsOf(core);
    const harmOf = new Map<number, number[]>();
    for (let i = 0; i < scored.node.length; i++) {
      const [node, literal] = [scored.node[i]!, scored.literal[i]! as never];
      const definition = scored.definitions.get(i);
      const after = rewire(core, [{ node, literal, ...(definition === undefined ? {} : { definition }) }]);
      expect(scored.score[i]).toBeCloseTo(changed(drawn, node, literal, after), 9);
      harmOf.set(node, [...(harmOf.get(node) ?? []), scored.score[i]!]);
    }
    for (const { node, divisors } of cones) {
      let least = Number.POSITIVE_INFINITY;
      for (const a of divisors)
        for (const b of divisors)
          for (let f = 0; f < GATE_FUNCTIONS; f++) {
            const harm = weight.reduce(
              (sum, w, s) =>
                w === 0 || gateOutput(f, bit(a.node, s), bit(b.node, s)) === bit(node, s) ? sum : sum + w,
              0,
            );
            least = Math.min(least, harm);
          }
      expect(Math.min(...harmOf.get(node)!)).toBeCloseTo(least, 9);
    }
  },
);

test("patterns that do not occur are free: gates change, but on none of the data", () => {
  let free = 0;
  for (const seed of seeds(10)) {
    const drawn = drawCase(seed);
    const { core, cones, weights } = drawn;
    const scored = coneFunctions(cones, weights);
    for (const [i, definition] of scored.definitions) {
      const [node, literal] = [scored.node[i]!, scored.literal[i]! as never];
      if (scored.score[i]! > 0) continue;
      const after = rewire(core, [{ node, literal, definition }]);
      expect(changed(drawn, node, literal, after)).toBe(0);
      if (changed({ ...drawn, weight: drawn.weight.map(() => 1) }, node, literal, after) > 0) free++;
    }
  }
  expect(free).toBeGreaterThan(5);
});
