import { expect, test } from "vitest";
import { Random } from "../../../base/random.js";
import type { Design } from "../../../compiler/ir/design.js";
import { halves, type LabelledBits } from "../../../compiler/ir/labelled-bits.js";
import { refitOffsets } from "../../../compiler/prune/readout-offsets.js";
import { predict } from "../../../compiler/simulate/bit-parallel.js";
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

const right = (design: Design, { bits, labels, samples }: LabelledBits): number =>
  predict(design, bits, samples).filter((cls, s) => cls === labels[s]).length;

const moved = (design: Design, offset: readonly number[]): Design => ({
  ...design,
  readout: { ...design.readout, offset: design.readout.offset.map((old, c) => old + offset[c]!) },
});

test.each(seeds(12))("offsets that were spoilt are found again (seed %i)", (seed) => {
  const design = randomDesign(seed, { inputs: 10, gates: 80, outputs: 60, classes: 4 });
  const [fit, guard] = halves(labelled(seed, design));
  const random = new Random(seed);
  const spoilt = moved(
    design,
    Array.from({ length: 4 }, () => random.below(7)),
  );
  const found = refitOffsets(spoilt, fit, guard);
  expect(found.fit.before).toBe(right(spoilt, fit) / fit.samples);
  expect(found.fit.after).toBeGreaterThanOrEqual(found.fit.before);
  expect(found.guard.after).toBe(right(found.design, guard) / guard.samples);
  expect(found.kept).toBe(true);
  expect(found.fit.after).toBeGreaterThan(0.97);
  // No single class does better with another offset.
  for (let cls = 0; cls < 4; cls++)
    for (const by of [-3, -2, -1, 1, 2, 3]) {
      const other = moved(
        found.design,
        [0, 1, 2, 3].map((c) => (c === cls ? by : 0)),
      );
      expect(right(other, fit)).toBeLessThanOrEqual(right(found.design, fit));
    }
});

test("offsets that make other samples worse are not kept, and good ones stay", () => {
  const design = randomDesign(5, { inputs: 10, gates: 80, outputs: 60, classes: 4 });
  const data = labelled(5, design);
  const [fit, guard] = halves(data);
  const wrong = { ...fit, labels: fit.labels.map((label) => (label + 1) % 4) };
  const misled = refitOffsets(design, wrong, guard);
  expect(misled.kept).toBe(false);
  expect(misled.design).toBe(design);
  expect(refitOffsets(design, fit, guard).design.readout.offset).toEqual(design.readout.offset);
});

test("the halves are all samples, in order", () => {
  const data = labelled(1, randomDesign(1, { inputs: 10, gates: 20, outputs: 8 }));
  const cut = { ...data, samples: 790, labels: data.labels.slice(0, 790) };
  const [a, b] = halves(cut);
  expect([a.samples % 32, a.samples + b.samples]).toEqual([0, 790]);
  expect([...a.labels, ...b.labels]).toEqual([...cut.labels]);
  expect(a.bits.map((row, i) => [...row, ...b.bits[i]!])).toEqual(data.bits.map((row) => [...row]));
});
