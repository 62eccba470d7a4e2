import { expect, test } from "vitest";
import { Random } from "../../../base/random.js";
import type { Design } from "../../../compiler/ir/design.js";
import type { LabelledBits } from "../../../compiler/ir/labelled-bits.js";
import { Decisions } from "../../../compiler/prune/decisions.js";
import { foldReadout } from "../../../compiler/prune/readout-fold.js";
import { chooseTrims, type Trim, trimLiterally } from "../../../compiler/prune/readout-trim.js";
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

/** Half of the votes, a fifth at a time. */
function halved(design: Design, data: LabelledBits): Trim[] {
  const trims: Trim[] = [];
  while (2 * trims.length < design.core.outputs.length) {
    const next = chooseTrims(trimLiterally(design, trims), data, 0.2, 2);
    if (next.length === 0) break;
    trims.push(...next);
  }
  return trims;
}

test.each(seeds(12))(
  "trims are votes that are there, each once, and folding what is left is proved (seed %i)",
  (seed) => {
    const design = designs(seed);
    const data = labelled(seed, design);
    const trims = halved(design, data);
    const votes = trims.map(({ vote }) => vote);
    expect(new Set(votes).size).toBe(votes.length);
    expect(votes.every((vote) => design.core.outputs[vote]! > 1)).toBe(true);
    const trimmed = trimLiterally(design, trims);
    const folded = foldReadout(trimmed);
    expect(sameDecisions(trimmed, folded)).toBe(true);
    expect(folded.core.outputs.length).toBeLessThanOrEqual(design.core.outputs.length - votes.length);
    expect(folded.core.outputs.length).toBeGreaterThan(0);
    expect(halved(design, data)).toEqual(trims);
  },
);

test("what a trimmed vote gave goes to the offsets of its classes, times its weights", () => {
  const design = foldReadout(richDesign(3));
  const { readout } = design;
  const [vote, mean] = [readout.vote[0]!, 0.9];
  const after = trimLiterally(design, [{ vote, mean }]);
  readout.classNames.forEach((_, cls) => {
    const terms = [...readout.vote.keys()].slice(readout.start[cls], readout.start[cls + 1]);
    const weight = terms
      .filter((t) => readout.vote[t] === vote)
      .reduce((sum, t) => sum + readout.weight[t]!, 0);
    expect(after.readout.offset[cls]).toBe(readout.offset[cls]! + Math.round(weight * mean));
  });
  expect(after.core.outputs[vote]).toBe(0);
});

test("votes that do not matter go first, and half of the votes go at little harm", () => {
  let [before, after, random] = [0, 0, 0];
  for (const seed of seeds(8)) {
    const design = foldReadout(randomDesign(seed, { inputs: 12, gates: 120, outputs: 80, classes: 4 }));
    const data = labelled(seed, design);
    const trims = halved(design, data);
    const all = design.core.outputs.length;
    const drawn = new Random(seed).shuffle(Array.from({ length: all }, (_, vote) => vote));
    before += accuracy(design, data);
    after += accuracy(trimLiterally(design, trims), data);
    const others = drawn.slice(0, trims.length).map((vote) => ({ vote, mean: 0.5 }));
    random += accuracy(trimLiterally(design, others), data);
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

test("one vote stays however many are to go", () => {
  const design = designs(1);
  const live = design.core.outputs.filter((literal) => literal > 1).length;
  expect(chooseTrims(design, labelled(1, design), 1, 2)).toHaveLength(live - 1);
});
