import { expect, test } from "vitest";
import { encodeSamples } from "../../../compiler/ir/encoder.js";
import { not } from "../../../compiler/ir/literal.js";
import { gateCount } from "../../../compiler/ir/netlist.js";
import { checkFreeze } from "../../../compiler/model/check-freeze.js";
import { type ConvLayer, NO_NODE } from "../../../compiler/model/conv.js";
import { type Frozen, freeze } from "../../../compiler/model/freeze.js";
import { denseLayers, layerOffsets, trainedGates } from "../../../compiler/model/model.js";
import { thaw } from "../../../compiler/model/thaw.js";
import { predict } from "../../../compiler/simulate/bit-parallel.js";
import { checkEquivalent } from "../../../compiler/verify/equivalence.js";
import { createCdclSolver } from "../../../sat/cdcl/solver.js";
import { predictHard } from "../../../src/train/evaluate.js";
import { convModel, unroll } from "../../support/conv-model.js";
import { randomDesign, randomModel, richDesign, seeds } from "../../support/random-design.js";

const shape = { inputs: 9, layers: [20, 20, 10], candidates: 4 };

test.each(seeds(20))("a frozen model agrees gate by gate and on samples (seed %i)", (seed) => {
  const model = randomModel(seed, shape);
  const frozen = freeze(model);
  expect(checkFreeze(model, frozen)).toEqual({ tag: "proved", gates: 50 });
  const codes = Array.from({ length: 200 * 3 }, (_, i) => (i * 7 + seed * 3 + Math.floor(i / 5)) % 16);
  const bits = encodeSamples(model.encoder, codes, 200);
  expect(predict(frozen.design, bits, 200)).toEqual(predictHard(model, bits, 200));
});

test.each(seeds(12))(
  "a frozen convolutional model is proved, and equal to the unrolled one (seed %i)",
  async (seed) => {
    const model = convModel(seed);
    const frozen = freeze(model);
    const { unrolled } = trainedGates(model.layers);
    expect(checkFreeze(model, frozen)).toMatchObject({ tag: "proved" });
    expect(gateCount(frozen.design.core)).toBeLessThanOrEqual(
      unrolled + 3 * (layerOffsets(model).at(-1)! - unrolled),
    );
    const codes = Array.from({ length: 200 * 40 }, (_, i) => (i * 7 + seed * 3 + Math.floor(i / 5)) % 16);
    const bits = encodeSamples(model.encoder, codes, 200);
    expect(predict(frozen.design, bits, 200)).toEqual(predictHard(model, bits, 200));
    const dense = freeze(unroll(model).model);
    expect(
      (await checkEquivalent(frozen.design.core, dense.design.core, { createSolver: createCdclSolver, seed }))
        .tag,
    ).toBe("proved");
    const again = freeze(thaw(frozen.design, { seed, temperature: 2, candidates: 3 }));
    expect(
      (await checkEquivalent(frozen.design.core, again.design.core, { createSolver: createCdclSolver, seed }))
        .tag,
    ).toBe("proved");
  },
);

/** Every gate changed in turn: kind, a complement, a fanin; and every output. */
function mutants({ design, literals }: Frozen): Frozen[] {
  const { core } = design;
  const changed = (
    change: (core: Record<"kind" | "fanin0" | "fanin1" | "outputs", Uint8Array | Uint32Array>) => void,
  ): Frozen => {
    const copy = {
      ...core,
      kind: core.kind.slice(),
      fanin0: core.fanin0.slice(),
      fanin1: core.fanin1.slice(),
      outputs: core.outputs.slice(),
    };
    change(copy);
    return { design: { ...design, core: copy }, literals };
  };
  const gates = Array.from(core.kind.keys());
  return [
    ...gates.map((g) =>
      changed((c) => {
        c.kind[g]! ^= 1;
      }),
    ),
    ...gates.map((g) =>
      changed((c) => {
        c.fanin0[g]! ^= 1;
      }),
    ),
    ...gates.map((g) =>
      changed((c) => {
        c.fanin1[g]! = c.fanin1[g]! >= 4 ? c.fanin1[g]! - 2 : c.fanin1[g]! + 2;
      }),
    ),
    ...Array.from(core.outputs.keys(), (o) =>
      changed((c) => {
        c.outputs[o] = not(c.outputs[o]!);
      }),
    ),
  ];
}

test.each([
  ["dense", randomModel(5, shape)],
  ["convolutional", convModel(11, 0)],
] as const)(
  "every single change to a frozen design that alters what a gate does is refuted (%s)",
  (_, model) => {
    const frozen = freeze(model);
    const all = mutants(frozen);
    const missed = all.filter((mutant) => checkFreeze(model, mutant).tag === "proved");
    // A gate whose fanins are one node cannot tell some changes; few are of that kind.
    expect(missed.length).toBeLessThan(all.length / 20);
    expect(all.length).toBeGreaterThan(80);
  },
);

test("a frozen design is refuted as that of a convolutional model with another geometry, map, wire or gate", () => {
  const model = convModel(11, 0);
  const frozen = freeze(model);
  const [first, ...rest] = model.layers;
  if (first?.kind !== "conv") throw new Error("expected a convolutional layer");
  const others: Partial<ConvLayer>[] = [
    { map: first.map.toReversed() },
    { map: first.map.map((node, i) => (i % 5 === 0 ? NO_NODE : node)) },
    { shape: [first.shape[0], first.shape[2], first.shape[1]] },
    { wireLogits: first.wireLogits.map((x) => -x) },
    { gateLogits: first.gateLogits.map((x) => -x) },
    { candidateIndex: first.candidateIndex.map((place) => place ^ 1) },
  ];
  for (const other of others) {
    const changed = { ...model, layers: [{ ...first, ...other }, ...rest] };
    expect(checkFreeze(changed, frozen).tag, Object.keys(other).join()).toBe("refuted");
  }
});

test.each(seeds(20))("freeze(thaw(design)) is proved equal to the design (seed %i)", async (seed) => {
  const design = seed % 5 === 0 ? richDesign(seed) : randomDesign(seed, { inputs: 6, gates: 40, outputs: 6 });
  const model = thaw(design, { seed, temperature: 2, candidates: 3 });
  const back = freeze(model);
  expect(checkFreeze(model, back).tag).toBe("proved");
  expect(back.design.encoder).toEqual(design.encoder);
  expect(back.design.readout).toEqual(design.readout);
  expect(
    (await checkEquivalent(design.core, back.design.core, { createSolver: createCdclSolver, seed })).tag,
  ).toBe("proved");
  for (const layer of denseLayers(model, "this test")) {
    for (let row = 0; row < 2 * layer.gates; row++) {
      const candidates = layer.candidateIndex.subarray(row * layer.candidates, (row + 1) * layer.candidates);
      expect(new Set(candidates).size).toBe(layer.candidates);
    }
  }
});
