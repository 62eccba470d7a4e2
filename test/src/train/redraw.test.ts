import { describe, expect, test } from "vitest";
import { denseLayers, largest, type Model } from "../../../compiler/model/model.js";
import { type MakeEngine, plainEngine } from "../../../src/train/engine.js";
import { predictHard } from "../../../src/train/evaluate.js";
import { wasmEngine } from "../../../src/train/kernels/engine.js";
import { candidateRedrawer } from "../../../src/train/redraw.js";
import { tensorflowEngine } from "../../../src/train/reference/engine.js";
import type { TrainingData } from "../../../src/train/training-data.js";
import { engineInput, randomBatches, trained } from "../../support/engine-input.js";
import { randomModel, seeds } from "../../support/random-design.js";

const CANDIDATES = 6;
const ROWS = 20;
const COLUMNS = 15;

/** An image of 20 x 15 bits, one a pixel, for a network whose first layer reads within 2 pixels of a centre. */
function setting(seed: number) {
  const inputs = ROWS * COLUMNS;
  const drawn = randomModel(seed, { inputs, layers: [60, 40], candidates: CANDIDATES });
  const input = engineInput(distinct(drawn), 64);
  const { model, data: labelled } = input;
  const { encoder } = model;
  const data: TrainingData = {
    encoder,
    classNames: [],
    train: labelled,
    validation: labelled,
    shape: [ROWS, COLUMNS],
  };
  return { input, data };
}

/** One bit a pixel, and six different candidates everywhere. */
const distinct = (model: Model): Model => ({
  ...model,
  encoder: {
    features: model.encoder.bits.map((_, i) => ({ name: `${i}`, type: { kind: "boolean" } })),
    bits: model.encoder.bits.map((_, feature) => ({ feature, test: "at-least", value: 1 })),
  },
  layers: model.layers.map((layer) => ({
    ...layer,
    candidateIndex: layer.candidateIndex.map((node, i) => node - (node % CANDIDATES) + (i % CANDIDATES)),
  })),
});

const rowsOf = (model: Model): { layer: number; row: number }[] =>
  denseLayers(model, "this test").flatMap(({ gates }, layer) =>
    Array.from({ length: 2 * gates }, (_, row) => ({ layer, row })),
  );

function rowAt(model: Model, { layer, row }: { layer: number; row: number }) {
  const [from, to] = [row * CANDIDATES, (row + 1) * CANDIDATES];
  const { candidateIndex, wireLogits } = model.layers[layer]!;
  return { nodes: [...candidateIndex.subarray(from, to)], logits: wireLogits.slice(from, to) };
}

const copy = (model: Model): Model => ({
  ...model,
  layers: model.layers.map((layer) => ({
    ...layer,
    candidateIndex: layer.candidateIndex.slice(),
    wireLogits: layer.wireLogits.slice(),
  })),
});

describe("redrawing candidates", () => {
  test.each(seeds(3))("exchanges the weakest and leaves the function (seed %i)", (seed) => {
    const { input, data } = setting(seed);
    const before = copy(input.model);
    for (const { wire } of input.moments) wire.first.fill(1);
    const redraw = candidateRedrawer(input.model, data, { redraw: 0.5, locality: 2, seed });
    redraw(input.model, input.moments, 100);
    const predicted = (model: Model) => predictHard(model, input.data.bits, input.data.samples);
    expect(predicted(input.model)).toEqual(predicted(before));
    let exchanged = 0;
    for (const place of rowsOf(before)) {
      const [old, now] = [rowAt(before, place), rowAt(input.model, place)];
      expect(new Set(now.nodes).size).toBe(CANDIDATES);
      const chosen = now.nodes[largest(now.logits, 0, CANDIDATES)]!;
      const order = [...old.logits.keys()].sort((a, b) => old.logits[a]! - old.logits[b]!);
      const mean = (old.logits[order[3]!]! + old.logits[order[4]!]! + old.logits[order[5]!]!) / 3;
      order.forEach((c, rank) => {
        const fresh = now.nodes[c] !== old.nodes[c];
        exchanged += Number(fresh);
        expect(now.logits[c]).toBeCloseTo(fresh ? mean : old.logits[c]!, 5);
        expect(input.moments[place.layer]!.wire.first[place.row * CANDIDATES + c]).toBe(fresh ? 0 : 1);
        if (rank >= 3) expect(fresh).toBe(false);
        if (!fresh) return;
        if (place.layer === 1) expect(now.nodes[c]).toBeLessThan(360);
        else expect(distance(now.nodes[c]!, chosen)).toBeLessThanOrEqual(2);
      });
    }
    // Half of six; now and then no other node is found near the edge.
    expect(exchanged).toBeGreaterThan(0.95 * 3 * rowsOf(before).length);
  });

  const engines: readonly (readonly [string, MakeEngine])[] = [
    ["kernels", wasmEngine(2)],
    ["plain loops", plainEngine],
    ["TensorFlow.js", tensorflowEngine(() => {})],
  ];
  test.each(engines)("is taken over by the %s", async (_name, make) => {
    const batches = randomBatches(1, 2, 64);
    const [moved, fresh] = [setting(5).input, setting(5).input];
    const engine = await make(moved);
    for (const { input } of [{ input: moved }, { input: fresh }]) {
      const redraw = candidateRedrawer(input.model, setting(5).data, { redraw: 0.5, locality: 2, seed: 5 });
      redraw(input.model, input.moments, 0);
    }
    expect(moved.model.layers).not.toEqual(setting(5).input.model.layers);
    engine.load();
    await engine.train(batches, 0, new Float32Array(2).fill(0.03));
    engine.save();
    await engine.close();
    expect(moved.model.layers).toEqual((await trained(make, fresh, batches)).model.layers);
  });
});

/** Rows or columns, whichever is more, between two pixels. */
const distance = (a: number, b: number): number =>
  Math.max(
    Math.abs(Math.floor(a / COLUMNS) - Math.floor(b / COLUMNS)),
    Math.abs((a % COLUMNS) - (b % COLUMNS)),
  );
