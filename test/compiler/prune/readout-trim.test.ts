import { expect, test } from "vitest";
import { Random } from "../../../base/random.js";
import type { Design } from "../../../compiler/ir/design.js";
import type { LabelledBits } from "../../../compiler/ir/labelled-bits.js";
import { Decisions } from "../../../compiler/prune/decisions.js";
import { foldReadout } from "../../../compiler/prune/readout-fold.js";
import { applyReadoutTrim, chooseReadoutTrim, trimLiterally } from "../../../compiler/prune/readout-trim.js";
import { predict } from "../../../compiler/simulate/bit-parallel.js";
import { sameDecisions } from "../../../compiler/verify/same-decisions.js";
import { randomDesign, richDesign, seeds } from "../../support/random-design.js";

const SAMPLES = 500;

/** Random samples, labelled by the design itself but for a tenth. */
function labelled(seed: number, design: Design): LabelledBits {
  const random = new Random(seed);
  const bits = Array.from({ length: design.core.inputs }, () =>
    Uint32Array.from({ length: Math.ceil(SAMPLES / 32) }, () => random.uint32()),
  );
  const classes = design.readout.classNames.length;
  const labels = predict(design, bits, SAMPLES).map((c) =>
    random.below(10) === 0 ? random.below(classes) : c,
  );
  return { samples: SAMPLES, bits, labels };
}

const accuracy = (design: Design, { bits, labels, samples }: LabelledBits): number =>
  predict(design, bits, samples).reduce((sum, c, s) => sum + Number(c === labels[s]), 0) / samples;

const designs = (seed: number): Design =>
  foldReadout(
    seed % 3 === 0
      ? richDesign(seed)
      : randomDesign(seed, { inputs: 12, gates: 120, outputs: 80, classes: 4 }),
  );

test.each(seeds(12))("a trimmed readout is proved to be what the trims say (seed %i)", (seed) => {
  const design = designs(seed);
  const data = labelled(seed, design);
  const votes = Math.ceil(design.core.outputs.length / 2);
  const trim = chooseReadoutTrim(design, data, { votes, temperature: 2 });
  const trimmed = applyReadoutTrim(design, trim);
  expect(sameDecisions(trimLiterally(design, trim), trimmed)).toBe(true);
  expect(trimmed.core.outputs.length).toBeLessThanOrEqual(votes);
  expect(trimmed.core.outputs.length).toBeGreaterThan(0);
  expect(chooseReadoutTrim(design, data, { votes, temperature: 2 })).toEqual(trim);
});

test("votes that do not matter go first, and half of the votes go at little harm", () => {
  let [before, after, random] = [0, 0, 0];
  for (const seed of seeds(8)) {
    const design = foldReadout(randomDesign(seed, { inputs: 12, gates: 120, outputs: 80, classes: 4 }));
    const data = labelled(seed, design);
    const all = design.core.outputs.length;
    const trim = chooseReadoutTrim(design, data, { votes: Math.ceil(all / 2), temperature: 2 });
    const drawn = new Random(seed).shuffle(Array.from({ length: all }, (_, vote) => vote));
    const others = drawn.slice(0, all >> 1);
    before += accuracy(design, data);
    after += accuracy(applyReadoutTrim(design, trim), data);
    random += accuracy(applyReadoutTrim(design, { votes: others, offset: trim.offset }), data);
  }
  expect(before - after).toBeLessThan((before - random) / 2);
});

test("slope and curvature are the derivatives of the cross-entropy", () => {
  const random = new Random(3);
  const [classes, samples, temperature] = [3, 40, 1.7];
  const scores = Float64Array.from({ length: classes * samples }, () => 4 * random.normal());
  const labels = Uint16Array.from({ length: samples }, () => random.below(classes));
  const weights = [2, 0, -1];
  const loss = (s: number, d: number): number => {
    const own = weights.map((w, c) => (scores[c * samples + s]! + w * d) / temperature);
    return Math.log(own.reduce((sum, x) => sum + Math.exp(x), 0)) - own[labels[s]!]!;
  };
  const { slope, curvature } = new Decisions(scores, { samples, bits: [], labels }, temperature).look(
    weights,
  );
  for (let s = 0; s < samples; s++) {
    const h = 1e-3;
    expect(slope[s]!).toBeCloseTo((loss(s, h) - loss(s, -h)) / (2 * h), 4);
    expect(curvature[s]!).toBeCloseTo((loss(s, h) - 2 * loss(s, 0) + loss(s, -h)) / h ** 2, 3);
  }
});
