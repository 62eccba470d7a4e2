import { expect, test } from "vitest";
import { Random } from "../../../base/random.js";
import { firstGate, gateCount, nodeCount } from "../../../compiler/ir/netlist.js";
import { savingsOf } from "../../../compiler/prune/savings.js";
import { applySubstitutions, type Substitution } from "../../../compiler/prune/substitution.js";
import { randomDesign, seeds } from "../../support/random-design.js";
import { randomSubstitution } from "../../support/random-substitution.js";

test.each(seeds(20))("savings add up to the gates that went (seed %i)", (seed) => {
  const { core } = applySubstitutions(randomDesign(seed, { inputs: 6, gates: 120, outputs: 12 }).core, []);
  const random = Random.forPurpose(seed, "savings");
  const list: Substitution[] = [];
  for (let node = firstGate(core); node < nodeCount(core); node++)
    if (random.below(6) === 0) list.push(randomSubstitution(random, node));
  const savings = savingsOf(core, list);
  const sum = (of: (saving: (typeof savings)[number]) => number): number =>
    savings.reduce((total, saving) => total + of(saving), 0);
  expect(sum(({ gates }) => gates)).toBe(gateCount(core) - gateCount(applySubstitutions(core, list).core));
  expect(sum(({ substitutions }) => substitutions)).toBe(list.length);
  expect(savings.filter(({ gates, substitutions }) => substitutions === 0 && gates !== 0)).toEqual([]);
  const definitions = list.filter(({ definition }) => definition !== undefined).length;
  expect(savings.find(({ kind }) => kind === "function")!.substitutions).toBe(definitions);
});

test("a constant, an input, a gate: each is counted for itself", () => {
  const { core } = applySubstitutions(randomDesign(3, { inputs: 6, gates: 60, outputs: 8 }).core, []);
  const last = nodeCount(core) - 1;
  const kinds = [0, 1, firstGate(core)].map((node) => {
    const found = savingsOf(core, [{ node: last, literal: (2 * node) as never }]);
    return found.filter(({ substitutions }) => substitutions > 0).map(({ kind }) => kind);
  });
  expect(kinds).toEqual([["constant"], ["input"], ["gate"]]);
  expect(savingsOf(core, []).map(({ gates }) => gates)).toEqual([0, 0, 0, 0]);
});
