import { expect, test } from "vitest";
import { Random } from "../../../base/random.js";
import type { Literal } from "../../../compiler/ir/literal.js";
import {
  firstGate,
  gateCount,
  type Netlist,
  nodeCount,
  validateNetlist,
} from "../../../compiler/ir/netlist.js";
import { applySubstitutions, GONE, rewire, type Substitution } from "../../../compiler/prune/substitution.js";
import { simulateNodes } from "../../../compiler/simulate/bit-parallel.js";
import { randomDesign, seeds } from "../../support/random-design.js";
import { allPatterns, sameFunction } from "../../support/same-function.js";

/** About a third of the gates, each by any lower literal. */
function randomSubstitutions(core: Netlist, seed: number): Substitution[] {
  const random = Random.forPurpose(seed, "substitutions");
  const list: Substitution[] = [];
  for (let node = firstGate(core); node < nodeCount(core); node++) {
    if (random.below(3) === 0) list.push({ node, literal: random.below(2 * node) as Literal });
  }
  random.shuffle(list);
  return list;
}

/** What a list means: highest node first, each substitution moves the readers that its node has by then. */
function oneByOne(core: Netlist, list: readonly Substitution[]): Netlist {
  let { fanin0, fanin1, outputs } = core;
  for (const { node, literal } of [...list].sort((x, y) => y.node - x.node)) {
    const moved = (read: number): number => (read >>> 1 === node ? literal ^ (read & 1) : read);
    [fanin0, fanin1, outputs] = [fanin0.map(moved), fanin1.map(moved), outputs.map(moved)];
  }
  return { ...core, fanin0, fanin1, outputs };
}

test.each(seeds(30))("applied substitutions compute what the literal rewiring does (seed %i)", (seed) => {
  const { core } = randomDesign(seed, { inputs: 6, gates: 40, outputs: 8 });
  const list = randomSubstitutions(core, seed);
  const [literal, applied] = [rewire(core, list), applySubstitutions(core, list)];
  validateNetlist(literal);
  validateNetlist(applied.core);
  expect(gateCount(literal)).toBe(40);
  expect(sameFunction(literal, oneByOne(core, list))).toBe(true);
  expect(sameFunction(literal, applied.core)).toBe(true);
  expect(gateCount(applied.core)).toBeLessThan(40);
});

test.each(seeds(10))("every node that stays has the values of its literal (seed %i)", (seed) => {
  const { core } = randomDesign(seed, { inputs: 5, gates: 30, outputs: 6 });
  const list = randomSubstitutions(core, seed);
  const { core: applied, moved } = applySubstitutions(core, list);
  const [before, after] = [rewire(core, list), applied].map((n) => simulateNodes(n, allPatterns(5), 1));
  const substituted = new Set(list.map(({ node }) => node));
  for (let node = 0; node < nodeCount(core); node++) {
    const literal = moved[node]!;
    if (literal === GONE || substituted.has(node)) continue;
    expect(after![literal >>> 1]! ^ -(literal & 1) ^ 0).toBe(before![node]! ^ 0);
  }
});

test("a substitute must be a lower node, and a gate is substituted once", () => {
  const { core } = randomDesign(1, { inputs: 4, gates: 5, outputs: 2 });
  const literal = 2 as Literal;
  expect(() => rewire(core, [{ node: 3, literal }])).toThrow("substitution of 3");
  expect(() => rewire(core, [{ node: 6, literal: 12 as Literal }])).toThrow("substitution of 6");
  expect(() =>
    rewire(
      core,
      [0, 1].map(() => ({ node: 6, literal })),
    ),
  ).toThrow("twice");
});
