import { expect, test } from "vitest";
import { Random } from "../../../base/random.js";
import type { Design } from "../../../compiler/ir/design.js";
import { foldReadout } from "../../../compiler/prune/readout-fold.js";
import { predict } from "../../../compiler/simulate/bit-parallel.js";
import { sameDecisions } from "../../../compiler/verify/same-decisions.js";
import { randomDesign, richDesign, seeds } from "../../support/random-design.js";

/** A design with constant, equal and complementary votes. */
function repetitive(seed: number): Design {
  const design =
    seed % 2 === 0 ? richDesign(seed) : randomDesign(seed, { inputs: 6, gates: 9, outputs: 24, classes: 4 });
  const random = new Random(seed);
  const outputs = design.core.outputs.map((literal) =>
    random.below(4) === 0 ? random.below(2) : literal ^ (random.below(4) === 0 ? 1 : 0),
  );
  for (let o = 1; o < outputs.length; o++)
    if (random.below(3) === 0) outputs[o] = outputs[random.below(o)]! ^ random.below(2);
  return { ...design, core: { ...design.core, outputs } };
}

const patterns = (design: Design): Uint32Array[] => {
  const random = new Random(4);
  return Array.from({ length: design.core.inputs }, () =>
    Uint32Array.from({ length: 8 }, () => random.uint32()),
  );
};

test.each(seeds(20))("folding a readout keeps every decision, proved as scores (seed %i)", (seed) => {
  const design = repetitive(seed);
  const folded = foldReadout(design);
  expect(sameDecisions(design, folded)).toBe(true);
  const bits = patterns(design);
  expect(predict(folded, bits, 256)).toEqual(predict(design, bits, 256));
  const { outputs } = folded.core;
  expect(outputs.every((literal) => literal > 1 && literal % 2 === 0)).toBe(true);
  expect(new Set(outputs).size).toBe(outputs.length);
  expect(outputs.length).toBeLessThan(design.core.outputs.length);
  expect(foldReadout(folded)).toEqual(folded);
});

test.each(seeds(10))("every single change to a folded readout is noticed (seed %i)", (seed) => {
  const design = repetitive(seed);
  const { core, readout } = foldReadout(design);
  const changed = <K extends "offset" | "vote" | "weight">(key: K, at: number, value: number): Design => ({
    ...design,
    core,
    readout: { ...readout, [key]: readout[key].map((old, i) => (i === at ? value : old)) },
  });
  const mutants = [
    ...Array.from(readout.offset, (old, c) => changed("offset", c, old + 1)),
    ...Array.from(readout.weight, (old, t) => changed("weight", t, old + 1)),
    ...Array.from(readout.vote, (old, t) => changed("vote", t, (old + 1) % core.outputs.length)),
  ];
  const missed = mutants.filter((mutant) => sameDecisions(design, mutant));
  expect(missed).toEqual([]);
});

test("a vote that all classes but one count alike is counted by that one, negatively", () => {
  const design = randomDesign(1, { inputs: 6, gates: 9, outputs: 4, classes: 4 });
  const literal = design.core.outputs.find((output) => output > 1)! & ~1;
  const core = { ...design.core, outputs: Uint32Array.of(literal, literal, literal, 0) };
  const folded = foldReadout({ ...design, core });
  expect(folded.core.outputs).toEqual(Uint32Array.of(literal));
  expect([folded.readout.start, folded.readout.weight]).toEqual([
    Uint32Array.of(0, 0, 0, 0, 1),
    Int32Array.of(-1),
  ]);
});

test("scores that depend on nothing stay as they are", () => {
  const design = randomDesign(1, { inputs: 6, gates: 9, outputs: 4, classes: 2 });
  const constant = { ...design, core: { ...design.core, outputs: Uint32Array.of(0, 1, 1, 0) } };
  expect(foldReadout(constant)).toBe(constant);
});
