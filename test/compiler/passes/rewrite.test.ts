import { describe, expect, test } from "vitest";
import { EditableNetlist } from "../../../compiler/ir/editable-netlist.js";
import { gateCount, levels, liveGates, originOf } from "../../../compiler/ir/netlist.js";
import { LITERAL, NetlistBuilder } from "../../../compiler/ir/netlist-builder.js";
import { cutFunction } from "../../../compiler/passes/rewrite/cut-function.js";
import { Formulas, normal } from "../../../compiler/passes/rewrite/formulas.js";
import { rewrite } from "../../../compiler/passes/rewrite.js";
import { checkEquivalent } from "../../../compiler/verify/equivalence.js";
import { createCdclSolver } from "../../../sat/cdcl/solver.js";
import { randomDesign, seeds } from "../../support/random-design.js";

const context = { seed: 1, patterns: [], samples: 0, createSolver: createCdclSolver };

describe("formulas", () => {
  const table = new Formulas();
  test("every function of four variables has one, and it computes that function", () => {
    const counts = new Array<number>(8).fill(0);
    for (let f = 0; f < 0x1_0000; f += 2) {
      counts[table.gates[f]!]!++;
      if (table.gates[f] === 0) continue;
      const [left, right] = [table.left[f]!, table.right[f]!];
      const value =
        (table.kind[f] === 0 ? left & right : left ^ right) ^ (table.complement[f] === 1 ? 0xffff : 0);
      expect(value).toBe(f);
      expect(table.gates[normal(left)]! + table.gates[normal(right)]! + 1).toBe(table.gates[f]);
    }
    // Half of the numbers of formulas by length in TAOCP 4A, section 7.1.2, since complement is free.
    expect(counts).toEqual([5, 30, 228, 1237, 5312, 12092, 12320, 1544]);
  });
  test.each([
    ["parity", 0x6996, 3],
    ["majority of three", 0xe8e8, 4],
    ["multiplexer", 0xcaca, 3],
    ["AND of four", 0x8000, 3],
    ["its complement", 0x7fff, 3],
  ])("%s", (_name, f, gates) => {
    expect(table.circuit(f)).toHaveLength(gates);
  });
});

test.each(seeds(60))(
  "keeps the function of random designs and never deepens them (seed %i)",
  async (seed) => {
    const shape = { inputs: 5 + (seed % 8), gates: 60 + 3 * seed, outputs: 4 + 2 * (seed % 5) };
    const before = randomDesign(seed, shape);
    const { design, stats } = await rewrite.run(before, context);
    expect(
      (await checkEquivalent(before.core, design.core, { createSolver: createCdclSolver, seed })).tag,
    ).toBe("proved");
    const live = liveGates(before.core).reduce((sum, bit) => sum + bit, 0);
    expect(gateCount(design.core)).toBeLessThanOrEqual(live);
    expect(stats["removed"]).toBe(gateCount(before.core) - gateCount(design.core));
    expect(Math.max(0, ...levels(design.core))).toBeLessThanOrEqual(Math.max(...levels(before.core)));
    expect((await rewrite.run(before, context)).design).toEqual(design);
  },
);

/** A ripple-carry adder of two numbers, XORs and majorities written with ANDs alone: 11 gates a bit but the first. */
function adder(bits: number): ReturnType<NetlistBuilder["finish"]> {
  const b = new NetlistBuilder(2 * bits, LITERAL);
  type L = ReturnType<typeof b.input>;
  const xor = (x: L, y: L): L => b.and((b.and(x, y) ^ 1) as L, (b.and((x ^ 1) as L, (y ^ 1) as L) ^ 1) as L);
  let carry: L | null = null;
  const sums: L[] = [];
  for (let i = 0; i < bits; i++) {
    const [x, y] = [b.input(i), b.input(bits + i)];
    if (carry === null) {
      sums.push(xor(x, y));
      carry = b.and(x, y, [i]);
      continue;
    }
    const c: L = carry;
    sums.push(xor(xor(x, y), c));
    carry = b.or(b.or(b.and(x, y), b.and(y, c)), b.and(x, c));
  }
  return b.finish([...sums, carry!]);
}

test("an adder written with ANDs alone", async () => {
  const core = adder(8);
  const before = { ...randomDesign(1, { inputs: 16, gates: 1, outputs: 2 }), core };
  const { design } = await rewrite.run(before, context);
  expect((await checkEquivalent(core, design.core, { createSolver: createCdclSolver, seed: 1 })).tag).toBe(
    "proved",
  );
  expect([gateCount(core), gateCount(design.core)]).toEqual([81, 44]);
});

test("a new gate remembers the trained gates that it stands for", async () => {
  const b = new NetlistBuilder(2, LITERAL);
  const [x, y] = [b.input(0), b.input(1)];
  const flip = (l: typeof x): typeof x => (l ^ 1) as typeof x;
  const [both, neither] = [b.and(x, y, [7]), b.and(flip(x), flip(y), [2])];
  const core = b.finish([b.and(flip(both), flip(neither), [4])]);
  const { design } = await rewrite.run(
    { ...randomDesign(1, { inputs: 2, gates: 1, outputs: 2 }), core },
    context,
  );
  expect([gateCount(design.core), [...originOf(design.core, 0)]]).toEqual([1, [2, 4, 7]]);
});

test("leaves that cut no path have no function", () => {
  const b = new NetlistBuilder(3, LITERAL);
  const gate = b.and(b.input(0), b.input(1));
  const netlist = new EditableNetlist(b.finish([b.xor(gate, b.input(2))]));
  expect(cutFunction(netlist, 5, [4, 3])).toBe(0x6666);
  expect(cutFunction(netlist, 5, [1, 3])).toBeNull();
});
