import { describe, expect, test } from "vitest";
import { Random } from "../../../base/random.js";
import type { Model } from "../../../compiler/model/model.js";
import { thaw } from "../../../compiler/model/thaw.js";
import { plainEngine } from "../../../src/train/engine.js";
import { wasmEngine } from "../../../src/train/kernels/engine.js";
import { makeWarp } from "../../../src/train/warp.js";
import { convModel } from "../../support/conv-model.js";
import { engineInput, randomBatches, randomData, SAMPLES, trained } from "../../support/engine-input.js";
import { decided, randomModel, richDesign, seeds, smallEncoder } from "../../support/random-design.js";

const models: readonly (readonly [string, (seed: number) => Model])[] = [
  [
    "three layers that read all earlier ones",
    (seed) => randomModel(seed, { inputs: 40, layers: [60, 50, 20], candidates: 7 }),
  ],
  [
    "gate inputs that have decided",
    (seed) => decided(randomModel(seed, { inputs: 40, layers: [60, 50, 20], candidates: 11 })),
  ],
  [
    "fixed wiring, ten classes",
    (seed) => randomModel(seed, { inputs: 33, layers: [80, 40], candidates: 1, classes: 10 }),
  ],
  [
    "a thawed design with weights and offsets",
    (seed) => thaw(richDesign(seed), { candidates: 5, seed, temperature: 2 }),
  ],
  ["convolutional layers", (seed) => convModel(seed + 4)],
];

describe.each(models)("the kernels, %s", (_name, make) => {
  test.each(seeds(4))("follow the plain loops (seed %i)", async (seed) => {
    const model = make(seed);
    const batch = [50, 128, 200, 300][seed % 4]!;
    const batches = randomBatches(seed, 1, batch);
    const plain = await trained(plainEngine, engineInput(model, batch), batches);
    const fast = await trained(wasmEngine(2), engineInput(model, batch), batches);
    expect(fast.results.right).toEqual(plain.results.right);
    plain.results.losses.forEach((loss, i) => {
      expect(fast.results.losses[i]).toBeCloseTo(loss, 5);
      expect(fast.results.shares[i]).toBeCloseTo(plain.results.shares[i]!, 5);
    });
    // After one step from 0, the first moment is a tenth of the gradient. Rows are quantised to 8 bits on the way.
    // Wire sums go over rows quantised in steps of 1/127: half a step is 0.4%.
    for (const [kind, mean, most] of [
      ["wire", 0.004, 0.02],
      ["gate", 1e-5, 1e-4],
    ] as const) {
      const of = ({ moments }: typeof plain): number[] => moments.flatMap((layer) => [...layer[kind].first]);
      const [expected, found] = [of(plain), of(fast)];
      const largest = Math.max(1e-9, ...expected.map(Math.abs));
      const errors = expected.map((g, i) => Math.abs(g - found[i]!) / largest);
      expect(errors.reduce((sum, e) => sum + e, 0) / errors.length, kind).toBeLessThan(mean);
      expect(Math.max(...errors), kind).toBeLessThan(most);
    }
  });

  test("do the same whatever the number of threads", async () => {
    const batches = randomBatches(3, 70, 60);
    const [one, three] = [
      await trained(wasmEngine(1), engineInput(make(9), 60), batches),
      await trained(wasmEngine(3), engineInput(make(9), 60), batches),
    ];
    expect(three.results).toEqual(one.results);
    expect(three.model.layers).toEqual(one.model.layers);
    expect(three.moments).toEqual(one.moments);
    expect(one.model.layers[0]!.gateLogits).not.toEqual(make(9).layers[0]!.gateLogits);
  });
});

test("images are warped to the same bits", async () => {
  const encoder = smallEncoder(60);
  const model = { ...randomModel(5, { inputs: 60, layers: [50, 20], candidates: 6 }), encoder };
  const random = new Random(1);
  const codes = Uint8Array.from({ length: SAMPLES * 20 }, () => random.below(16));
  const data = randomData(2, model);
  const warp = makeWarp(
    { encoder, classNames: [], train: data, validation: data, shape: [5, 4] },
    codes,
    { shift: 2, rotate: 30, scale: 0.3, shear: 0.3, flip: true, until: 1 },
    3,
  );
  const batches = randomBatches(4, 1, 100, 1024);
  const [plain, fast] = [
    await trained(plainEngine, engineInput(model, 100, { data, warp }), batches),
    await trained(wasmEngine(2), engineInput(model, 100, { data, warp }), batches),
  ];
  expect(fast.results.right).toEqual(plain.results.right);
  plain.results.losses.forEach((loss, i) => {
    expect(fast.results.losses[i]).toBeCloseTo(loss, 5);
  });
  const still = await trained(plainEngine, engineInput(model, 100, { data }), batches);
  expect(still.results.losses).not.toEqual(plain.results.losses);
});
