import { expect, test } from "vitest";
import type { Design } from "../../../../compiler/ir/design.js";
import { halves } from "../../../../compiler/ir/labelled-bits.js";
import { gateCount } from "../../../../compiler/ir/netlist.js";
import { lutCost, totalLuts } from "../../../../compiler/map/lut-cost.js";
import { guardedOffsets } from "../../../../compiler/prune/fitted.js";
import { prunedBy } from "../../../../compiler/prune/prune-rounds.js";
import { foldReadout } from "../../../../compiler/prune/readout-fold.js";
import { applySubstitutions } from "../../../../compiler/prune/substitution.js";
import { predict } from "../../../../compiler/simulate/bit-parallel.js";
import type { Budget } from "../../../../src/flow/prune/budget.js";
import { pruneToBudget } from "../../../../src/flow/prune/search.js";
import { simulationModule } from "../../../../src/simulate/module.js";
import { randomDesign, seeds } from "../../../support/random-design.js";
import { allPatterns } from "../../../support/same-function.js";

const NONE: Budget = { maxAccuracyDrop: null, maxGates: null, maxLuts: null };

function prune(seed: number, budget: Partial<Budget>, signal = new AbortController().signal) {
  const drawn = randomDesign(seed, { inputs: 9, gates: 120, outputs: 24, classes: 3 });
  const bare: Design = { ...drawn, core: applySubstitutions(drawn.core, []).core };
  const bits = allPatterns(9);
  const data = { samples: 512, bits, labels: predict(bare, bits, 512) };
  const module = simulationModule();
  const design = prunedBy(bare, [], { data, temperature: 1, module });
  const right = predict(design, bits, 512).reduce((n, cls, s) => n + Number(cls === data.labels[s]), 0) / 512;
  const options = {
    ranking: "distortion" as const,
    data,
    validation: data,
    temperature: 1,
    seed,
    drawn: 512,
    share: 0.05,
    strengths: new Float64Array(0),
    module,
    dontCares: false,
    budget: { ...NONE, ...budget },
    countLuts: (of: Design) => totalLuts(lutCost(of, 4)),
    signal,
    onRound: () => {},
  };
  return { design, options, right, found: pruneToBudget(design, options) };
}

test.each(seeds(5))("gates: as few substitutions as will do (seed %i)", async (seed) => {
  const { design, options, found } = prune(seed, { maxGates: 25 });
  const { list, measured, met, design: pruned } = await found;
  expect([met, measured.gates <= 25]).toEqual([true, true]);
  expect(measured).toEqual({
    gates: gateCount(foldReadout(pruned).core),
    luts: null,
    validation: measured.validation,
  });
  expect(pruned.core).toEqual(prunedBy(design, list, options).core);
  expect(gateCount(prunedBy(design, list.slice(0, -1), options).core)).toBeGreaterThan(25);
});

test.each(seeds(3))("LUTs: encoder, core and readout are counted (seed %i)", async (seed) => {
  const whole = totalLuts(lutCost(foldReadout(prune(seed, {}).design), 4));
  const { design, options, found } = prune(seed, { maxLuts: Math.floor(0.8 * whole) });
  const { list, measured, met, design: pruned } = await found;
  const luts = (of: Design): number => totalLuts(lutCost(foldReadout(of), 4));
  expect([met, measured.luts]).toEqual([true, luts(pruned)]);
  expect(luts(pruned)).toBeLessThanOrEqual(Math.floor(0.8 * whole));
  const [fit, guard] = halves(options.validation);
  const fewer = prunedBy(design, list.slice(0, -1), options);
  const one = list.length === 1 ? design : guardedOffsets(fewer, guard, { ...options, data: fit });
  expect(luts(one)).toBeGreaterThan(Math.floor(0.8 * whole));
});

test.each(seeds(5))(
  "accuracy: the loss allowed is not passed, and something is pruned (seed %i)",
  async (seed) => {
    const { design, right, found } = prune(seed, { maxAccuracyDrop: 0.1 });
    const { measured, met, design: pruned } = await found;
    expect([met, measured.validation >= right - 0.1]).toEqual([true, true]);
    expect(gateCount(pruned.core)).toBeLessThan(gateCount(design.core));
    const none = await prune(seed, { maxAccuracyDrop: 0 }).found;
    expect([none.met, none.measured.validation >= right]).toEqual([true, true]);
  },
);

test("what is small enough already is left alone", async () => {
  const { design, found } = prune(1, { maxGates: 1000 });
  expect(await found).toMatchObject({ met: true, list: [], design });
});

test("a budget that cannot be met: the nearest that is accurate enough", async () => {
  const { right, found } = prune(2, { maxGates: 2, maxAccuracyDrop: 0.1 });
  const { met, measured } = await found;
  expect(met).toBe(false);
  expect(measured.gates).toBeGreaterThan(2);
  expect(measured.validation).toBeGreaterThanOrEqual(right - 0.1);
  // Encoder and readout alone take LUTs.
  const luts = await prune(2, { maxLuts: 0 }).found;
  expect([luts.met, luts.measured.gates]).toEqual([false, 0]);
});

test("a signal stops it", async () => {
  const controller = new AbortController();
  const { found } = prune(3, { maxGates: 1 }, controller.signal);
  controller.abort();
  await expect(found).rejects.toThrow();
});
