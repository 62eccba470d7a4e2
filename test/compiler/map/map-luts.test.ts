import { describe, expect, test } from "vitest";
import { ABC_SCRIPTS, mapWithAbc } from "../../../bench/lut/abc.js";
import { trainedLike } from "../../../bench/sat/trained-like.js";
import { type Literal, literalOf, not, TRUE } from "../../../compiler/ir/literal.js";
import { lutCount, lutDepth, validateLutNetlist } from "../../../compiler/ir/lut-netlist.js";
import { gateCount, type Netlist } from "../../../compiler/ir/netlist.js";
import { HASHING, LITERAL, NetlistBuilder } from "../../../compiler/ir/netlist-builder.js";
import { expandLuts } from "../../../compiler/map/expand-luts.js";
import { mapLuts } from "../../../compiler/map/map-luts.js";
import { checkEquivalent } from "../../../compiler/verify/equivalence.js";
import { createCdclSolver } from "../../../sat/cdcl/solver.js";
import { testWithTool } from "../../support/native-tool.js";
import { randomDesign, seeds } from "../../support/random-design.js";

test.each(seeds(60))(
  "a mapping has the function of its netlist and no more LUTs than gates (seed %i)",
  async (seed) => {
    const shape = { inputs: 4 + (seed % 9), gates: 20 + seed, outputs: 6 };
    const { core } = randomDesign(seed, shape);
    for (const k of [2, 3, 4, 5, 6]) {
      const luts = mapLuts(core, { k });
      validateLutNetlist(luts, k);
      expect(
        (await checkEquivalent(core, expandLuts(luts), { createSolver: createCdclSolver, seed })).tag,
      ).toBe("proved");
      expect(lutCount(luts)).toBeLessThanOrEqual(gateCount(core));
    }
  },
);

/** A netlist whose outputs are made by `build` from its inputs. */
function netlist(inputs: number, build: (b: NetlistBuilder, x: Literal[]) => Literal[]): Netlist {
  const b = new NetlistBuilder(inputs, HASHING);
  return b.finish(
    build(
      b,
      Array.from({ length: inputs }, (_, i) => b.input(i)),
    ),
  );
}
const parity = (inputs: number): Netlist =>
  netlist(inputs, (b, x) => [x.reduce((sum, bit) => b.xor(sum, bit))]);
const fullAdder = netlist(3, (b, [x, y, z]) => [
  b.xor(b.xor(x!, y!), z!),
  b.or(b.and(x!, y!), b.and(z!, b.xor(x!, y!))),
]);
const multiplexer = netlist(6, (b, [s, t, ...d]) => [
  b.mux(s!, b.mux(t!, d[0]!, d[1]!), b.mux(t!, d[2]!, d[3]!)),
]);

test.each([
  ["parity of 6 in one 6-LUT", parity(6), 6, 1, 1],
  ["parity of 6 in two 4-LUTs", parity(6), 4, 2, 2],
  ["parity of 16 in five 4-LUTs", parity(16), 4, 5, 5],
  ["a full adder in two 3-LUTs", fullAdder, 3, 2, 1],
  ["a 4-way multiplexer in one 6-LUT", multiplexer, 6, 1, 1],
  ["a 4-way multiplexer in three 4-LUTs", multiplexer, 4, 3, 2],
])("%s", (_what, core, k, count, depthAtMost) => {
  const luts = mapLuts(core, { k });
  expect(lutCount(luts)).toBe(count);
  expect(lutDepth(luts)).toBeLessThanOrEqual(depthAtMost);
});

describe("what needs no LUT", () => {
  test("a wire, an inverter, constants and an inverted output", () => {
    const b = new NetlistBuilder(2, LITERAL);
    const gate = b.and(b.input(0), b.input(1));
    const luts = mapLuts(b.finish([b.input(0), not(b.input(1)), TRUE, gate, not(gate)]), { k: 4 });
    expect([...luts.outputs]).toEqual([2, 5, 1, 6, 7]);
    expect(lutCount(luts)).toBe(1);
    expect([...luts.truth]).toEqual([0b1000, 0]);
  });
  test("gates that only look as if they depended on something", () => {
    const b = new NetlistBuilder(2, LITERAL);
    const [x, y] = [b.input(0), b.input(1)];
    const wire = b.or(b.and(x, y), b.and(x, not(y)));
    const never = b.and(b.and(x, y), not(x));
    const luts = mapLuts(b.finish([wire, not(never), b.and(wire, y)]), { k: 3 });
    expect([...luts.outputs]).toEqual([2, 1, 6]);
    expect([...luts.fanin]).toEqual([1, 2]);
  });
  test("gates that no output reads", () => {
    const b = new NetlistBuilder(3, LITERAL);
    b.and(b.input(0), b.input(1));
    expect(lutCount(mapLuts(b.finish([literalOf(3)]), { k: 4 }))).toBe(0);
  });
});

test("the truth table counts patterns with its first input as the low bit", () => {
  const core = netlist(3, (b, [x, y, z]) => [b.and(b.and(x!, not(y!)), z!)]);
  const luts = mapLuts(core, { k: 4 });
  expect([[...luts.fanin], [...luts.truth]]).toEqual([
    [1, 2, 3],
    [1 << 0b101, 0],
  ]);
});

test("same netlist and seed, same mapping; more sweeps never cost LUTs", () => {
  const { core } = randomDesign(7, { inputs: 20, gates: 600, outputs: 60 });
  const few = mapLuts(core, { k: 4, sweeps: 0 });
  expect(mapLuts(core, { k: 4 })).toEqual(mapLuts(core, { k: 4 }));
  expect(lutCount(mapLuts(core, { k: 4, sweeps: 50 }))).toBeLessThanOrEqual(lutCount(few));
});

const withAbc = testWithTool("berkeley-abc");
withAbc.each(seeds(3))("no more LUTs than ABC's area mapping on trained-like netlists (seed %i)", (seed) => {
  const { netlist: core } = trainedLike(seed, { inputs: 300, layers: 5, width: 500, duplicated: 0 });
  for (const k of [4, 6]) {
    expect(lutCount(mapLuts(core, { k }))).toBeLessThanOrEqual(mapWithAbc(core, ABC_SCRIPTS[0]!, k).luts);
  }
});

test("k out of range is refused", () => {
  expect(() => mapLuts(parity(3), { k: 7 })).toThrow("expected 2 <= k <= 6 but found 7");
});
