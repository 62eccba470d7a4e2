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
import { defined, randomSubstitution } from "../../support/random-substitution.js";
import { allPatterns, sameFunction } from "../../support/same-function.js";

/** About a third of the gates, each by any lower literal or, every other one, by a function of two. */
function randomSubstitutions(core: Netlist, seed: number): Substitution[] {
  const random = Random.forPurpose(seed, "substitutions");
  const list: Substitution[] = [];
  for (let node = firstGate(core); node < nodeCount(core); node++) {
    if (random.below(3) === 0) list.push(randomSubstitution(random, node));
  }
  random.shuffle(list);
  return list;
}

/** What a list means: gates are defined, then, highest node first, each substitution moves the readers that its node has by then. */
function oneByOne(core: Netlist, list: readonly Substitution[]): Netlist {
  const kind = core.kind.slice();
  let [fanin0, fanin1, outputs] = [core.fanin0.slice(), core.fanin1.slice(), core.outputs];
  const move = (moved: (read: number) => number): void => {
    [fanin0, fanin1, outputs] = [fanin0.map(moved), fanin1.map(moved), outputs.map(moved)];
  };
  for (const { node, definition } of list) {
    if (definition === undefined) continue;
    const g = node - firstGate(core);
    [kind[g], fanin0[g], fanin1[g]] = [definition.kind, definition.fanin0, definition.fanin1];
  }
  for (const { node, literal, definition } of [...list].sort((x, y) => y.node - x.node))
    if (definition === undefined) move((read) => (read >>> 1 === node ? literal ^ (read & 1) : read));
  for (const { node, literal, definition } of list)
    if (definition !== undefined) move((read) => (read >>> 1 === node ? literal ^ (read & 1) : read));
  return { ...core, kind, fanin0, fanin1, outputs };
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

test("what a gate was defined as can be defined again, and substituted", () => {
  const { core } = randomDesign(2, { inputs: 4, gates: 9, outputs: 4 });
  const random = new Random(2);
  const node = nodeCount(core) - 3;
  const [first, second] = [1, 2].map(() => defined(random, node));
  const literal = { node, literal: 5 as Literal };
  for (const last of [second!, literal]) {
    const list = [first!, last];
    expect(sameFunction(rewire(core, list), rewire(core, [last]))).toBe(true);
    expect(applySubstitutions(core, list)).toEqual(applySubstitutions(core, [last]));
  }
  expect(() => rewire(core, [literal, first!])).toThrow("twice");
  const itself = { ...first!.definition!, fanin1: (2 * node) as Literal };
  expect(() => rewire(core, [{ ...first!, definition: itself }])).toThrow(`substitution of ${node}`);
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
