import { expect, test } from "vitest";
import { Random } from "../../../base/random.js";
import { classify, groupSumReadout, type Readout } from "../../../compiler/ir/readout.js";
import { plainStyle } from "../../../compiler/map/counter.js";
import { lutCost, totalLuts } from "../../../compiler/map/lut-cost.js";
import { buildReadout } from "../../../compiler/map/readout-circuit.js";
import { readoutNetlist } from "../../../compiler/map/readout-netlist.js";
import { simulate } from "../../../compiler/simulate/bit-parallel.js";
import { randomDesign, richDesign, seeds } from "../../support/random-design.js";

const names = (classes: number): string[] => Array.from({ length: classes }, (_, c) => `${c}`);

test.each(seeds(30))("the readout as gates gives the class of the readout (seed %i)", (seed) => {
  const random = new Random(seed);
  const classes = 2 + random.below(6);
  const votes = classes * (1 + random.below(9));
  const readout: Readout = {
    ...groupSumReadout(names(classes), votes),
    offset: Int32Array.from({ length: classes }, () => random.below(9) - 4),
    weight: Int32Array.from(
      { length: votes },
      () => (1 + random.below(3)) * (random.below(4) === 0 ? -1 : 1),
    ),
  };
  const samples = 512;
  const bits = Array.from({ length: votes }, () => Uint32Array.from({ length: 16 }, () => random.uint32()));
  const index = simulate(
    readoutNetlist(buildReadout(readout, seed % 2 === 0 ? plainStyle(6) : { lutInputs: 6, carry: "lut" })),
    bits,
    16,
  );
  const found = Uint16Array.from({ length: samples }, (_, s) =>
    index.reduce((sum, row, k) => sum + ((row[s >>> 5]! >>> (s & 31)) & 1) * 2 ** k, 0),
  );
  expect(found).toEqual(classify(readout, bits, samples));
});

test("two votes of a side: one LUT compares them", () => {
  const design = {
    ...randomDesign(1, { inputs: 3, gates: 4, outputs: 4 }),
    readout: groupSumReadout(names(2), 4),
  };
  expect(lutCost(design, 4).readout).toBe(1);
});

test("every part is counted, and wider LUTs need no more of them", () => {
  const design = richDesign(1);
  const [four, six] = [lutCost(design, 4), lutCost(design, 6)];
  // grey >= 8 is a wire, >= 12 an AND; signed >= -4 reads three bits, >= 3 all five; two colours; the flag is a wire.
  expect([four.encoder, six.encoder]).toEqual([6, 5]);
  expect(four.core).toBeGreaterThan(0);
  expect(four.readout).toBeGreaterThan(0);
  expect(totalLuts(six)).toBeLessThanOrEqual(totalLuts(four));
});
