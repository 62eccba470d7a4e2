import { describe, expect, test } from "vitest";
import { Random } from "../../../base/random.js";
import type { LabelledBits } from "../../../compiler/ir/labelled-bits.js";
import { encodeModel } from "../../../compiler/model/codec.js";
import { denseLayers, layerOffsets, type Model } from "../../../compiler/model/model.js";
import { balancedCandidates, localCandidates } from "../../../src/train/candidates.js";
import { predictHard } from "../../../src/train/evaluate.js";
import { hardPass } from "../../../src/train/hard.js";
import { initialiseModel } from "../../../src/train/initialise.js";
import { crossEntropy } from "../../../src/train/loss.js";
import { learningRate } from "../../../src/train/schedule.js";
import { predictSoft, softPass } from "../../../src/train/soft.js";
import { type Trained, type TrainHooks, type TrainOptions, train } from "../../../src/train/train.js";
import { sampleRows, type TrainingData, transpose32 } from "../../../src/train/training-data.js";
import { convModel } from "../../support/conv-model.js";
import { randomModel, seeds, smallEncoder } from "../../support/random-design.js";

const bitAt = (words: ArrayLike<number>, s: number): number => (words[s >>> 5]! >>> (s & 31)) & 1;

/** Random bits, shape `[inputs][words]`. */
function randomBits(seed: number, inputs: number, words: number): Uint32Array[] {
  const random = new Random(seed);
  return Array.from({ length: inputs }, () => Uint32Array.from({ length: words }, () => random.uint32()));
}

const flat = (rows: readonly Uint32Array[]): Uint32Array => Uint32Array.from(rows.flatMap((row) => [...row]));

describe("layout", () => {
  test("a 32 x 32 transposition moves every bit to its place", () => {
    const random = new Random(1);
    const words = Uint32Array.from({ length: 32 }, () => random.uint32());
    const moved = words.slice();
    transpose32(moved);
    for (let i = 0; i < 32; i++)
      for (let j = 0; j < 32; j++) expect((moved[j]! >>> i) & 1).toBe((words[i]! >>> j) & 1);
  });
  test("sample rows hold the bits of the samples", () => {
    const data: LabelledBits = { samples: 45, bits: randomBits(2, 70, 2), labels: new Uint16Array(45) };
    const rows = sampleRows(data);
    for (let s = 0; s < 45; s++)
      for (let i = 0; i < 70; i++)
        expect((rows[3 * s + (i >>> 5)]! >>> (i & 31)) & 1).toBe(bitAt(data.bits[i]!, s));
  });
});

describe("candidates", () => {
  test.each(seeds(30))("are balanced, and no gate input has one twice (seed %i)", (seed) => {
    const random = new Random(seed);
    const [rows, count] = [1 + random.below(60), 1 + random.below(9)];
    const sources = Uint32Array.from({ length: count + random.below(12) }, (_, i) => 100 + i);
    const table = balancedCandidates(rows, count, sources, random);
    const used = new Map<number, number>([...sources].map((s) => [s, 0]));
    for (let r = 0; r < rows; r++) {
      const row = table.subarray(r * count, (r + 1) * count);
      expect(new Set(row).size).toBe(count);
      for (const c of row) used.set(c, used.get(c)! + 1);
    }
    expect(Math.max(...used.values()) - Math.min(...used.values())).toBeLessThanOrEqual(1);
  });
  test("local ones lie near one centre, are distinct and used about equally", () => {
    const features = Array.from({ length: 100 }, (_, f) => ({
      name: `${f}`,
      type: { kind: "boolean" } as const,
    }));
    const bits = features.map((_, feature) => ({ feature, test: "at-least" as const, value: 1 }));
    const table = localCandidates(200, 6, { features, bits }, [10, 10], 1.5, new Random(1));
    const used = new Uint32Array(100);
    for (let g = 0; g < 200; g++) {
      const both = [...table.subarray(6 * g, 6 * g + 6), ...table.subarray(1200 + 6 * g, 1206 + 6 * g)];
      expect(new Set(both.slice(0, 6)).size).toBe(6);
      expect(new Set(both.slice(6)).size).toBe(6);
      const [ys, xs] = [both.map((p) => Math.floor(p / 10)), both.map((p) => p % 10)];
      // A corner has four neighbours within one pixel, so its radius grows to two.
      for (const at of [ys, xs]) expect(Math.max(...at) - Math.min(...at)).toBeLessThanOrEqual(4);
      for (const p of both) used[p]!++;
    }
    expect(Math.max(...used) / Math.min(...used)).toBeLessThan(3);
  });
});

/** Mean loss of a batch, and the gradient by the scores scaled for it. */
function lossOf(
  model: Model,
  pass: ReturnType<typeof softPass>,
  bits: Uint32Array,
  labels: Uint16Array,
  gradient: Float32Array,
): number {
  pass.forward(bits);
  const scale = 1 / (labels.length * model.temperature);
  const { losses } = crossEntropy(
    pass.scores,
    labels,
    new Float32Array(labels.length).fill(1),
    { classes: model.readout.classNames.length, stride: pass.stride, temperature: model.temperature, scale },
    gradient,
  );
  return losses.reduce((sum, loss) => sum + loss) / losses.length;
}

test.each([
  ["dense", randomModel(3, { inputs: 6, layers: [5, 4], candidates: 3 })],
  ["convolutional", convModel(10)],
] as const)("the soft pass's gradients are those measured by differences (%s)", (_, random) => {
  const model = { ...random, temperature: 0.1 };
  const bits = flat(randomBits(4, model.encoder.bits.length, 1));
  const labels = Uint16Array.from({ length: 20 }, (_, s) => s % 2);
  const pass = softPass(model, 20);
  const gradient = new Float32Array(2 * pass.stride);
  lossOf(model, pass, bits, labels, gradient);
  pass.backward(gradient);
  const analytic = pass.gradients.map(({ wire, gate }) => [wire.slice(), gate.slice()] as const);
  let largest = 0;
  model.layers.forEach((layer, l) => {
    [layer.wireLogits, layer.gateLogits].forEach((logits, kind) => {
      for (let i = 0; i < logits.length; i++) {
        const before = logits[i]!;
        const h = 0.01;
        logits[i] = before + h;
        const above = lossOf(model, pass, bits, labels, gradient);
        logits[i] = before - h;
        const below = lossOf(model, pass, bits, labels, gradient);
        logits[i] = before;
        const found = analytic[l]![kind]![i]!;
        largest = Math.max(largest, Math.abs(found));
        expect(
          Math.abs((above - below) / (2 * h) - found),
          `layer ${l}, kind ${kind}, logit ${i}`,
        ).toBeLessThan(1e-4 + 0.01 * Math.abs(found));
      }
    });
  });
  expect(largest).toBeGreaterThan(0.005);
});

/** The straight-through rules written out for one sample at a time, with nothing shared. */
function slowHardGradients(
  model: Model,
  bits: readonly Uint32Array[],
  samples: number,
  dScores: Float32Array,
  stride: number,
) {
  const offsets = layerOffsets(model);
  const softmax = (values: Float32Array): number[] => {
    const e = Array.from(values, (v) => Math.exp(v - Math.max(...values)));
    return e.map((x) => x / e.reduce((a, b) => a + b));
  };
  const value = Array.from({ length: samples }, (_, s) => bits.map((row) => bitAt(row, s)));
  const layers = denseLayers(model, "this test");
  const chosen = layers.map(({ gates, candidates, candidateIndex, wireLogits }) =>
    Array.from({ length: 2 * gates }, (_, row) => {
      const logits = wireLogits.subarray(row * candidates, (row + 1) * candidates);
      return candidateIndex[row * candidates + logits.indexOf(Math.max(...logits))]!;
    }),
  );
  layers.forEach(({ gates, gateLogits }, l) => {
    for (let g = 0; g < gates; g++) {
      const logits = gateLogits.subarray(16 * g, 16 * g + 16);
      const f = logits.indexOf(Math.max(...logits));
      for (const row of value)
        row.push((f >> (3 - 2 * row[chosen[l]![g]!]! - row[chosen[l]![gates + g]!]!)) & 1);
    }
  });
  const gradients = model.layers.map(({ wireLogits, gateLogits }) => ({
    wire: new Float64Array(wireLogits.length),
    gate: new Float64Array(gateLogits.length),
  }));
  for (let s = 0; s < samples; s++) {
    const dy = new Float64Array(offsets.at(-1)!);
    model.readout.classNames.forEach((_, c) => {
      for (let t = model.readout.start[c]!; t < model.readout.start[c + 1]!; t++)
        dy[model.votes[model.readout.vote[t]!]!]! += dScores[c * stride + s]!;
    });
    for (let l = model.layers.length - 1; l >= 0; l--) {
      const { gates, candidates, candidateIndex, wireLogits, gateLogits } = layers[l]!;
      for (let g = 0; g < gates; g++) {
        const p = softmax(gateLogits.subarray(16 * g, 16 * g + 16));
        const table = (i: number, j: number): number =>
          p.reduce((sum, share, f) => sum + share * ((f >> (3 - 2 * i - j)) & 1), 0);
        const [a, b] = [value[s]![chosen[l]![g]!]!, value[s]![chosen[l]![gates + g]!]!];
        const d = dy[offsets[l]! + g]!;
        const mean = table(a, b);
        for (let f = 0; f < 16; f++)
          gradients[l]!.gate[16 * g + f]! += d * p[f]! * (((f >> (3 - 2 * a - b)) & 1) - mean);
        const into = [d * (table(1, b) - table(0, b)), d * (table(a, 1) - table(a, 0))];
        into.forEach((dx, which) => {
          const row = which * gates + g;
          const q = softmax(wireLogits.subarray(row * candidates, (row + 1) * candidates));
          const x = Array.from(
            { length: candidates },
            (_, c) => value[s]![candidateIndex[row * candidates + c]!]!,
          );
          const average = q.reduce((sum, share, c) => sum + share * x[c]!, 0);
          for (let c = 0; c < candidates; c++)
            gradients[l]!.wire[row * candidates + c]! += dx * q[c]! * (x[c]! - average);
          dy[chosen[l]![row]!]! += dx;
        });
      }
    }
  }
  return gradients;
}

test.each(seeds(5))("the hard pass's gradients follow the straight-through rules (seed %i)", (seed) => {
  const model = randomModel(seed, { inputs: 9, layers: [12, 8, 6], candidates: 4 });
  const rows = randomBits(seed, 9, 2);
  const pass = hardPass(model, 50);
  pass.forward(flat(rows));
  const random = new Random(seed);
  const dScores = new Float32Array(2 * pass.stride);
  for (let c = 0; c < 2; c++) for (let s = 0; s < 50; s++) dScores[c * pass.stride + s] = random.normal();
  pass.backward(dScores);
  const slow = slowHardGradients(model, rows, 50, dScores, pass.stride);
  let largest = 0;
  pass.gradients.forEach(({ wire, gate }, l) => {
    for (const [found, expected] of [
      [wire, slow[l]!.wire],
      [gate, slow[l]!.gate],
    ] as const) {
      for (let i = 0; i < found.length; i++) {
        expect(Math.abs(found[i]! - expected[i]!)).toBeLessThan(1e-4 * (1 + Math.abs(expected[i]!)));
        largest = Math.max(largest, Math.abs(found[i]!));
      }
    }
  });
  expect(largest).toBeGreaterThan(0.1);
  const scores = predictHard(model, rows, 50);
  for (let s = 0; s < 50; s++)
    expect(scores[s]).toBe(pass.scores[s]! >= pass.scores[pass.stride + s]! ? 0 : 1);
});

test("a soft network with peaked logits predicts as the hard one", () => {
  const model = randomModel(8, { inputs: 9, layers: [12, 6], candidates: 4 });
  for (const { wireLogits, gateLogits } of model.layers)
    for (const logits of [wireLogits, gateLogits])
      logits.forEach((v, i) => {
        logits[i] = 400 * v;
      });
  const rows = randomBits(8, 9, 4);
  const [soft, hard] = [predictSoft(model, rows, 128), predictHard(model, rows, 128)];
  const { scores, stride, forward } = hardPass(model, 128);
  forward(flat(rows));
  // Among equal scores of the hard network, what is left of softness decides.
  const clear = Array.from(hard.keys()).filter((s) => scores[s] !== scores[stride + s]);
  expect(clear.length).toBeGreaterThan(50);
  expect(clear.filter((s) => soft[s] !== hard[s]).length).toBeLessThan(3);
});

test("the rate rises, then falls to 0 along a cosine", () => {
  const rates = Array.from({ length: 100 }, (_, s) => learningRate(0.05, s, 100));
  expect(rates[0]).toBe(0.025);
  expect(rates[1]).toBe(0.05);
  expect(Math.abs(rates[51]! - 0.025)).toBeLessThan(1e-3);
  expect(rates[99]).toBeLessThan(1e-4);
});

/** Two classes: whether two of nine bits differ. */
function parity(samples: number): TrainingData {
  const split = (seed: number, n: number): LabelledBits => {
    const bits = randomBits(seed, 9, Math.ceil(n / 32));
    return {
      samples: n,
      bits,
      labels: Uint16Array.from({ length: n }, (_, s) => bitAt(bits[2]!, s) ^ bitAt(bits[7]!, s)),
    };
  };
  return {
    encoder: smallEncoder(9),
    classNames: ["same", "different"],
    train: split(1, samples),
    validation: split(2, 200),
  };
}

/** Images of 4 x 5 pixels, three bits each, of two classes: whether the middle is brighter than a corner. */
function images(samples: number): TrainingData {
  const encoder = smallEncoder(60);
  const random = new Random(5);
  const split = (n: number) => {
    const codes = Uint8Array.from({ length: n * 20 }, () => random.below(16));
    const bits = encoder.bits.map(({ feature, value }) => {
      const row = new Uint32Array(Math.ceil(n / 32));
      for (let s = 0; s < n; s++) if (codes[s * 20 + feature]! >= value) row[s >>> 5]! |= 1 << (s & 31);
      return row;
    });
    const labels = Uint16Array.from({ length: n }, (_, s) => Number(codes[s * 20 + 9]! > codes[s * 20]!));
    return { codes, data: { samples: n, bits, labels } };
  };
  const { codes, data } = split(samples);
  return {
    encoder,
    classNames: ["darker", "brighter"],
    shape: [4, 5],
    codes,
    train: data,
    validation: split(100).data,
  };
}

const options: TrainOptions = {
  conv: [],
  layers: [40, 20],
  candidates: 4,
  locality: null,
  votes: "last",
  temperature: null,
  seed: 1,
  mode: "hard",
  epochs: 4,
  minimumSteps: 0,
  batch: 48,
  learningRate: 0.05,
  weightDecay: 0,
  importance: false,
  redraw: 0,
  augment: null,
  engine: "wasm",
  threads: 2,
};
const hooks = (more: Partial<TrainHooks> = {}): TrainHooks => ({
  onBegin: () => {},
  onNotice: () => {},
  onProgress: () => {},
  checkpoint: () => {},
  signal: new AbortController().signal,
  identity: "test",
  where: "checkpoint",
  ...more,
});

describe("training", () => {
  test.each(["hard", "soft"] as const)(
    "learns parity, which no single gate input shows (%s)",
    async (mode) => {
      const data = parity(1000);
      const { model, history } = await train(data, { ...options, mode, epochs: 12 }, hooks());
      const predicted = predictHard(model, data.validation.bits, 200);
      expect(predicted.filter((cls, s) => cls === data.validation.labels[s]).length / 200).toBe(
        Math.max(...history.map((h) => h.validationAccuracy)),
      );
      expect(Math.max(...history.map((h) => h.validationAccuracy))).toBeGreaterThan(0.95);
    },
  );

  test("the same seed gives the same bytes, another seed others", async () => {
    const bytes = async (seed: number) =>
      encodeModel((await train(parity(500), { ...options, seed }, hooks())).model);
    expect(await bytes(1)).toEqual(await bytes(1));
    expect(await bytes(1)).not.toEqual(await bytes(2));
  });

  test.each(["hard", "soft"] as const)(
    "stopped anywhere and resumed, it gives the same bytes (%s)",
    async (mode) => {
      const setting = { ...options, mode, redraw: 0.5, votes: "all" as const };
      const whole = await train(parity(500), setting, hooks());
      // Stop at every opportunity: each piece ends at its first checkpoint.
      let saved: Uint8Array | undefined;
      let stops = 0;
      for (;;) {
        const controller = new AbortController();
        const piece = hooks({
          signal: controller.signal,
          checkpoint: (bytes) => {
            saved = bytes;
            if (++stops % 2 === 1) controller.abort();
          },
          ...(saved === undefined ? {} : { resume: saved }),
        });
        try {
          const result = await train(parity(500), setting, piece);
          expect(encodeModel(result.model)).toEqual(encodeModel(whole.model));
          expect(result.history).toEqual(whole.history);
          break;
        } catch (error) {
          expect((error as Error).name).toBe("AbortError");
        }
      }
      expect(stops).toBeGreaterThan(2);
    },
  );

  describe("images are moved until a share of the steps", () => {
    const still = { shift: 0, rotate: 0, scale: 0, shear: 0, flip: false, until: 1 };
    const moving = { ...still, shift: 2, rotate: 40 };
    const trained = async (augment: TrainOptions["augment"], more: Partial<TrainHooks> = {}) =>
      await train(images(400), { ...options, augment }, hooks(more));

    test("from the first step none is, and the network is that of unmoved images", async () => {
      const [never, none] = [await trained({ ...moving, until: 0 }), await trained(still)];
      expect(encodeModel(never.model)).toEqual(encodeModel(none.model));
      expect(never.history).toEqual(none.history);
    });

    test("half-way: until then the losses are those of moved ones, after that others", async () => {
      const [half, all] = [await trained({ ...moving, until: 0.5 }), await trained(moving)];
      const losses = ({ history }: Trained): number[] => history.map(({ loss }) => loss);
      expect(losses(half).slice(0, 2)).toEqual(losses(all).slice(0, 2));
      expect(losses(half)[2]).not.toBe(losses(all)[2]);
    });

    test("the step of the change does not depend on where a training was stopped", async () => {
      const augment = { ...moving, until: 0.6 };
      const whole = await trained(augment);
      let saved = new Uint8Array();
      let epochs = 0;
      const controller = new AbortController();
      // In the epoch after the second checkpoint is the change; steps are taken by ones and twos at first.
      const stop = {
        signal: controller.signal,
        checkpoint: (bytes: Uint8Array) => {
          saved = Uint8Array.from(bytes);
          if (++epochs === 2) controller.abort();
        },
      };
      await expect(trained(augment, stop)).rejects.toThrow();
      const resumed = await trained(augment, { resume: saved });
      expect(encodeModel(resumed.model)).toEqual(encodeModel(whole.model));
      expect(resumed.history).toEqual(whole.history);
    });
  });

  test("a checkpoint of another training, or a damaged one, is refused", async () => {
    let saved = new Uint8Array();
    const checkpoint = (bytes: Uint8Array): void => {
      saved = Uint8Array.from(bytes);
    };
    await train(parity(500), options, hooks({ checkpoint }));
    const resume = (bytes: Uint8Array, identity = "test") =>
      train(parity(500), options, hooks({ resume: bytes, identity }));
    await expect(resume(saved, "another")).rejects.toThrow("found one of other options or data");
    await expect(resume(saved.slice(0, 100))).rejects.toThrow("found a damaged one");
    await expect(resume(saved)).resolves.toBeDefined();
  });

  test("logits that are no longer finite end the training with an error, not a checkpoint", async () => {
    const checkpoint = (): void => {
      throw new Error("a checkpoint of broken logits");
    };
    await expect(
      train(parity(500), { ...options, learningRate: 1e38 }, hooks({ checkpoint })),
    ).rejects.toThrow("expected finite logits");
  });

  test("progress ends at the last step with the last validation", async () => {
    const seen: { step: number; steps: number; validationAccuracy: number | null }[] = [];
    const { history } = await train(parity(500), options, hooks({ onProgress: (p) => seen.push(p) }));
    expect(seen.at(-1)).toMatchObject({
      step: 44,
      steps: 44,
      validationAccuracy: history.at(-1)!.validationAccuracy,
    });
  });

  test("what does not fit is refused with a hint", async () => {
    const data = parity(200);
    await expect(train(data, { ...options, layers: [40, 21] }, hooks())).rejects.toThrow(
      "expected a voting layer of a multiple of 2 classes but found 21",
    );
    const oneClass = { ...data, train: { ...data.train, labels: new Uint16Array(200) } };
    await expect(train(oneClass, options, hooks())).rejects.toThrow('found none of "different"');
    const blind = { ...data, encoder: { ...data.encoder, bits: [] } };
    expect(() => initialiseModel(blind, options, 1)).toThrow("features that vary");
    await expect(train(data, { ...options, candidates: 10 }, hooks())).rejects.toThrow(
      "expected at most the 9 nodes that layer 1 can read but found 10",
    );
    await expect(train(data, { ...options, layers: [4e9, 20] }, hooks())).rejects.toThrow(
      "training 4,000,000,020 gates: expected to need no more than this machine's",
    );
  });

  test("so many of the last layers vote", () => {
    const voters = (votes: TrainOptions["votes"]): number[] => [
      ...initialiseModel(parity(10), { ...options, layers: [40, 20, 10], votes }, 1).votes,
    ];
    const nodes = (from: number, to: number): number[] =>
      Array.from({ length: to - from }, (_, i) => from + i);
    expect([voters(1), voters(2), voters(3)].map((v) => v.sort((a, b) => a - b))).toEqual([
      nodes(69, 79),
      nodes(49, 79),
      nodes(9, 79),
    ]);
    expect([voters("last"), voters("all")]).toEqual([voters(1), voters(3)]);
    expect(() => voters(4)).toThrow("expected at most the 3 dense layers but found 4");
  });

  test("parameters do not grow with the width of the input", () => {
    const parameters = (inputs: number): number =>
      initialiseModel({ ...parity(10), encoder: smallEncoder(inputs) }, options, 1).layers.reduce(
        (n, { wireLogits, gateLogits }) => n + wireLogits.length + gateLogits.length,
        0,
      );
    expect(parameters(900)).toBe(parameters(9));
  });
});
