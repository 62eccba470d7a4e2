import { describe, expect, test } from "vitest";
import { Random } from "../../../base/random.js";
import type { Netlist } from "../../../compiler/ir/netlist.js";
import { simulate } from "../../../compiler/simulate/bit-parallel.js";
import { checkEquivalent } from "../../../compiler/verify/equivalence.js";
import { createCdclSolver } from "../../../sat/cdcl/solver.js";
import {
  arrayMultiplier,
  countingVoter,
  lookaheadAdder,
  mutate,
  parityChain,
  parityTree,
  rippleAdder,
  triangleVoter,
  wallaceMultiplier,
} from "../../support/circuits.js";
import { seeds } from "../../support/random-design.js";

const check = (a: Netlist, b: Netlist, seed = 1) =>
  checkEquivalent(a, b, { createSolver: createCdclSolver, seed });

const at = (netlist: Netlist, inputs: ArrayLike<number>): number[] =>
  simulate(
    netlist,
    Array.from(inputs, (bit) => Uint32Array.of(bit)),
    1,
  ).map(([word]) => word! & 1);

const number = (bits: readonly number[]): number => bits.reduce((sum, bit, k) => sum + bit * 2 ** k, 0);

test("the circuits compute what their names say", () => {
  const random = new Random(1);
  for (let k = 0; k < 50; k++) {
    const bits = Array.from({ length: 12 }, () => random.below(2));
    const [x, y] = [number(bits.slice(0, 6)), number(bits.slice(6))];
    for (const adder of [rippleAdder(6), lookaheadAdder(6)]) expect(number(at(adder, bits))).toBe(x + y);
    for (const multiplier of [arrayMultiplier(6), wallaceMultiplier(6)])
      expect(number(at(multiplier, bits))).toBe(x * y);
    const odd = bits.slice(1);
    const ones = odd.reduce((sum, bit) => sum + bit, 0);
    for (const voter of [countingVoter(11), triangleVoter(11)])
      expect(at(voter, odd)).toEqual([ones > 5 ? 1 : 0]);
    for (const parity of [parityChain(11), parityTree(11)]) expect(at(parity, odd)).toEqual([ones % 2]);
  }
});

const PAIRS: readonly (readonly [string, Netlist, Netlist])[] = [
  ["ripple and carry-lookahead adders, 4 bits", rippleAdder(4), lookaheadAdder(4)],
  ["ripple and carry-lookahead adders, 32 bits", rippleAdder(32), lookaheadAdder(32)],
  ["array and Wallace multipliers, 3 bits", arrayMultiplier(3), wallaceMultiplier(3)],
  ["array and Wallace multipliers, 6 bits", arrayMultiplier(6), wallaceMultiplier(6)],
  ["counting and triangle voters, 15 inputs", countingVoter(15), triangleVoter(15)],
  ["counting and triangle voters, 31 inputs", countingVoter(31), triangleVoter(31)],
  ["parity chain and tree of NANDs, 16 inputs", parityChain(16), parityTree(16)],
  ["parity chain and tree of NANDs, 40 inputs", parityChain(40), parityTree(40)],
];

describe.each(PAIRS)("%s", (_, a, b) => {
  test("are proved equal", async () => {
    expect(await check(a, b)).toMatchObject({ tag: "proved" });
  });

  test("with one gate changed are refuted by an input that tells them apart, or truly the same", async () => {
    let refuted = 0;
    for (const seed of seeds(12)) {
      const changed = mutate(b, new Random(seed));
      const verdict = await check(a, changed, seed);
      if (verdict.tag === "refuted") {
        refuted++;
        const [left, right] = [at(a, verdict.counterexample), at(changed, verdict.counterexample)];
        expect(left[verdict.output], `seed ${seed}`).not.toBe(right[verdict.output]);
      } else expect(verdict.tag, `seed ${seed}`).toBe("proved");
    }
    expect(refuted).toBeGreaterThan(5);
  });
});
