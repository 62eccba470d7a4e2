import { expect, test } from "vitest";
import { Random } from "../../../base/random.js";
import { firstGate, type Netlist, nodeCount } from "../../../compiler/ir/netlist.js";
import { predict, simulate, simulateNodes } from "../../../compiler/simulate/bit-parallel.js";
import { randomDesign, richDesign, seeds } from "../../support/random-design.js";

/** One sample, one gate at a time. */
function evaluate(netlist: Netlist, inputs: readonly number[]): number[] {
  const values = [0, ...inputs];
  const at = (literal: number): number => values[literal >>> 1]! ^ (literal & 1);
  for (let g = 0; g < netlist.kind.length; g++) {
    const [a, b] = [at(netlist.fanin0[g]!), at(netlist.fanin1[g]!)];
    values[firstGate(netlist) + g] = netlist.kind[g] === 0 ? a & b : a ^ b;
  }
  return values;
}

test.each(seeds(20))("32 samples a word are what one at a time are (seed %i)", (seed) => {
  const { core } = randomDesign(seed, { inputs: 7, gates: 50, outputs: 6 });
  const random = new Random(seed);
  const words = 11;
  const rows = Array.from({ length: 7 }, () => Uint32Array.from({ length: words }, () => random.uint32()));
  const outputs = simulate(core, rows, words);
  const nodes = simulateNodes(core, rows, words);
  for (let s = 0; s < 32 * words; s += 7) {
    const bit = (row: Uint32Array): number => (row[s >>> 5]! >>> (s & 31)) & 1;
    const values = evaluate(core, rows.map(bit));
    expect(outputs.map(bit)).toEqual(Array.from(core.outputs, (l) => values[l >>> 1]! ^ (l & 1)));
    for (let n = 0; n < nodeCount(core); n++)
      expect(bit(nodes.subarray(n * words, (n + 1) * words))).toBe(values[n]);
  }
});

test("predict scores and compares", () => {
  const design = richDesign(3);
  const random = new Random(9);
  const rows = design.encoder.bits.map(() => Uint32Array.of(random.uint32(), random.uint32()));
  const classes = predict(design, rows, 50);
  for (let s = 0; s < 50; s++) {
    const values = evaluate(
      design.core,
      rows.map((row) => (row[s >>> 5]! >>> (s & 31)) & 1),
    );
    const scores = [...design.readout.offset];
    for (let v = 0; v < 24; v++) {
      const literal = design.core.outputs[v]!;
      scores[Math.floor(v / 8)]! += design.readout.weight[v]! * (values[literal >>> 1]! ^ (literal & 1));
    }
    expect(classes[s]).toBe(scores.indexOf(Math.max(...scores)));
  }
  expect(new Set(classes).size).toBeGreaterThan(1);
  expect(() => simulate(design.core, rows.slice(1), 2)).toThrow(RangeError);
});
