import { expect, test } from "vitest";
import { Random } from "../../../base/random.js";
import type { Design } from "../../../compiler/ir/design.js";
import { halves, type LabelledBits } from "../../../compiler/ir/labelled-bits.js";
import { guardedOffsets } from "../../../compiler/prune/fitted.js";
import { predict } from "../../../compiler/simulate/bit-parallel.js";
import { simulationModule } from "../../../src/simulate/module.js";
import { randomDesign, seeds } from "../../support/random-design.js";

const SAMPLES = 800;

/** Samples that a design labels itself. */
function labelled(seed: number, design: Design): LabelledBits {
  const random = new Random(seed);
  const bits = Array.from({ length: design.core.inputs }, () =>
    Uint32Array.from({ length: SAMPLES / 32 }, () => random.uint32()),
  );
  return { samples: SAMPLES, bits, labels: predict(design, bits, SAMPLES) };
}

const fitTo = (data: LabelledBits) => ({ data, temperature: 1, module: simulationModule() });

const right = (design: Design, { bits, labels, samples }: LabelledBits): number =>
  predict(design, bits, samples).filter((cls, s) => cls === labels[s]).length;

const moved = (design: Design, offset: readonly number[]): Design => ({
  ...design,
  readout: { ...design.readout, offset: design.readout.offset.map((old, c) => old + offset[c]!) },
});

test("offsets that were spoilt are found again", () => {
  let [lost, regained] = [0, 0];
  for (const seed of seeds(12)) {
    const design = randomDesign(seed, { inputs: 10, gates: 80, outputs: 60, classes: 4 });
    const [fit, guard] = halves(labelled(seed, design));
    const random = new Random(seed);
    const offset = Array.from({ length: 4 }, () => random.below(7));
    const spoilt = moved(design, offset);
    const found = guardedOffsets(spoilt, guard, fitTo(fit));
    expect(found.core).toBe(spoilt.core);
    expect(right(found, guard)).toBeGreaterThanOrEqual(right(spoilt, guard));
    lost += right(design, guard) - right(spoilt, guard);
    regained += right(found, guard) - right(spoilt, guard);
  }
  expect(regained).toBeGreaterThan(0.75 * lost);
});

test("offsets that make other samples worse are not kept, and good ones stay", () => {
  const design = randomDesign(5, { inputs: 10, gates: 80, outputs: 60, classes: 4 });
  const data = labelled(5, design);
  const [fit, guard] = halves(data);
  const wrong = { ...fit, labels: fit.labels.map((label) => (label + 1) % 4) };
  expect(guardedOffsets(design, guard, fitTo(wrong))).toBe(design);
  const none = halves({ ...data, samples: 20, labels: data.labels.slice(0, 20) });
  expect(none[1].samples).toBe(0);
  expect(guardedOffsets(design, none[1], fitTo(none[0]))).toBe(design);
  const spoilt = moved(design, [9, 0, 0, 0]);
  expect(guardedOffsets(spoilt, guard, fitTo(fit))).not.toBe(spoilt);
});

test("the halves are all samples, in order", () => {
  const data = labelled(1, randomDesign(1, { inputs: 10, gates: 20, outputs: 8 }));
  const cut = { ...data, samples: 790, labels: data.labels.slice(0, 790) };
  const [a, b] = halves(cut);
  expect([a.samples % 32, a.samples + b.samples]).toEqual([0, 790]);
  expect([...a.labels, ...b.labels]).toEqual([...cut.labels]);
  expect(a.bits.map((row, i) => [...row, ...b.bits[i]!])).toEqual(data.bits.map((row) => [...row]));
});
