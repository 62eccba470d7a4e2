import { expect, test } from "vitest";
import { Random } from "../../../base/random.js";
import type { Design } from "../../../compiler/ir/design.js";
import { GateKind } from "../../../compiler/ir/gate-functions.js";
import { firstGate, nodeCount } from "../../../compiler/ir/netlist.js";
import { classScores } from "../../../compiler/ir/readout.js";
import type { CandidatePairs } from "../../../compiler/prune/candidate-pairs.js";
import { conesOf } from "../../../compiler/prune/cones.js";
import { drawDecisive } from "../../../compiler/prune/decisive-samples.js";
import { type FlipWeight, weighFlips } from "../../../compiler/prune/flip-weights.js";
import { harmOf } from "../../../compiler/prune/harm.js";
import { References } from "../../../compiler/prune/references.js";
import { simulate, simulateNodes } from "../../../compiler/simulate/bit-parallel.js";
import { simulationModule } from "../../../src/simulate/module.js";
import { randomDesign, richDesign, seeds } from "../../support/random-design.js";

const SAMPLES = 300;
const TEMPERATURE = 2;

function randomData(design: Design, seed: number, samples = SAMPLES) {
  const random = Random.forPurpose(seed, "data");
  const words = Math.ceil(samples / 32);
  const mask = samples % 32 === 0 ? -1 : (1 << (samples % 32)) - 1;
  const bits = Array.from({ length: design.core.inputs }, () =>
    Uint32Array.from({ length: words }, (_, w) => random.uint32() & (w === words - 1 ? mask : -1)),
  );
  const labels = Uint16Array.from({ length: samples }, () => random.below(design.readout.classNames.length));
  return { samples, bits, labels };
}

/** The mean loss when scores are shifted; written without looking at the code under test. */
function meanLoss(scores: Float64Array, labels: Uint16Array, classes: number): number {
  let sum = 0;
  labels.forEach((label, s) => {
    const z = Array.from(scores.subarray(s * classes, (s + 1) * classes), (score) => score / TEMPERATURE);
    sum += Math.log(z.reduce((total, x) => total + Math.exp(x), 0)) - z[label]!;
  });
  return sum / labels.length;
}

/** The scores of one sample when gates are multilinear functions of real numbers and one node is moved. */
function realScores(
  { core, readout }: Design,
  inputs: readonly number[],
  node: number,
  by: number,
): number[] {
  const value = [0, ...inputs];
  if (node < value.length) value[node]! += by;
  const at = (literal: number): number =>
    (literal & 1) === 1 ? 1 - value[literal >>> 1]! : value[literal >>> 1]!;
  for (let g = 0; g < core.kind.length; g++) {
    const [x, y] = [at(core.fanin0[g]!), at(core.fanin1[g]!)];
    value.push(core.kind[g] === GateKind.And ? x * y : x + y - 2 * x * y);
    if (firstGate(core) + g === node) value[node]! += by;
  }
  return readout.classNames.map((_, c) => {
    let score = readout.offset[c]!;
    for (let t = readout.start[c]!; t < readout.start[c + 1]!; t++)
      score += readout.weight[t]! * at(core.outputs[readout.vote[t]!]!);
    return score;
  });
}

test("all samples drawn: slopes are the gradient of the mean loss, spreads square to its curvature", () => {
  const design = richDesign(3);
  const classes = design.readout.classNames.length;
  const data = randomData(design, 3, 64);
  const whole = classScores(design.readout, simulate(design.core, data.bits, 2), 64);
  const scores = Float64Array.from(whole);
  const loss = (moves: readonly (readonly [at: number, by: number])[]): number => {
    const moved = scores.slice();
    for (const [at, by] of moves) moved[at]! += by;
    return meanLoss(moved, data.labels, classes);
  };
  const products = new Float64Array(classes * classes);
  const s = 17;
  const draws = 4000;
  for (let seed = 0; seed < draws; seed++) {
    const drawn = drawDecisive(whole, data, { temperature: TEMPERATURE, count: 64, seed });
    if (seed === 0) {
      expect(drawn.samples).toBe(64);
      expect(drawn.bits).toEqual(data.bits);
      for (let c = 0; c < classes; c++) {
        const at = s * classes + c;
        expect(drawn.slope[c * 64 + s]).toBeCloseTo((loss([[at, 1e-4]]) - loss([[at, -1e-4]])) / 2e-4, 6);
      }
    }
    for (let c = 0; c < classes; c++)
      for (let d = 0; d < classes; d++)
        products[c * classes + d]! += (drawn.spread[c * 64 + s]! * drawn.spread[d * 64 + s]!) / draws;
  }
  const h = 1e-3;
  for (let c = 0; c < classes; c++) {
    for (let d = 0; d < classes; d++) {
      const [x, y] = [s * classes + c, s * classes + d];
      const second = [1, -1]
        .flatMap((p) =>
          [1, -1].map(
            (q) =>
              p *
              q *
              loss([
                [x, p * h],
                [y, q * h],
              ]),
          ),
        )
        .reduce((sum, term) => sum + term, 0);
      expect(products[c * classes + d]!).toBeCloseTo(second / (4 * h * h), 4);
    }
  }
});

test("a part of the samples drawn: weights make up for those left out", () => {
  const design = richDesign(4);
  const data = randomData(design, 4, 4000);
  const scores = classScores(design.readout, simulate(design.core, data.bits, 125), 4000);
  const sums = (count: number, seed: number): number => {
    const { slope, samples } = drawDecisive(scores, data, { temperature: TEMPERATURE, count, seed });
    if (count < 4000) expect(Math.abs(samples - count)).toBeLessThan(100);
    return slope.subarray(0, samples).reduce((sum, x) => sum + x, 0);
  };
  const part = Array.from({ length: 40 }, (_, seed) => sums(1000, seed));
  // Without weights it would be a quarter.
  expect(part.reduce((sum, x) => sum + x, 0) / 40).toBeCloseTo(sums(4000, 1), 2);
  expect(sums(4000, 1)).toBeGreaterThan(0.02);
});

/** Every lower node of every gate. */
function allPairs(design: Design): CandidatePairs {
  const nodes = nodeCount(design.core);
  const start = new Uint32Array(nodes + 1);
  const source: number[] = [];
  for (let node = 0; node < nodes; node++) {
    if (node >= firstGate(design.core)) for (let lower = 0; lower < node; lower++) source.push(lower);
    start[node + 1] = source.length;
  }
  return { start, source: Uint32Array.from(source) };
}

const bitOf = (row: Uint32Array, s: number): number => (row[s >>> 5]! >>> (s & 31)) & 1;

test("plain harm is the share of samples in which two nodes differ", () => {
  const design = randomDesign(5, { inputs: 6, gates: 30, outputs: 6 });
  const data = randomData(design, 5);
  const words = Math.ceil(SAMPLES / 32);
  const values = simulateNodes(design.core, data.bits, words);
  const row = (node: number): Uint32Array => values.subarray(node * words, (node + 1) * words);
  const pairs = allPairs(design);
  const harm = weighFlips(simulationModule(), design, data, { pairs, cones: [] }, "share");
  for (let node = firstGate(design.core); node < nodeCount(design.core); node++) {
    for (let at = pairs.start[node]!; at < pairs.start[node + 1]!; at++) {
      let differ = 0;
      for (let s = 0; s < SAMPLES; s++) differ += bitOf(row(node), s) ^ bitOf(row(pairs.source[at]!), s);
      expect(harmOf(harm, node, at, false)).toBeCloseTo(differ / SAMPLES, 12);
      expect(harmOf(harm, node, at, true)).toBeCloseTo(1 - differ / SAMPLES, 12);
    }
  }
});

/** The derivative by a node at every sample, of the scores weighted by `byScore`. */
function slopesBy(
  design: Design,
  bits: readonly Uint32Array[],
  node: number,
  byScore: Float32Array,
): number[] {
  const samples = byScore.length / design.readout.classNames.length;
  return Array.from({ length: samples }, (_, s) => {
    const inputs = bits.map((row) => bitOf(row, s));
    const [up, down] = [1e-4, -1e-4].map((by) => realScores(design, inputs, node, by));
    return up!.reduce((sum, score, c) => sum + (byScore[c * samples + s]! * (score - down![c]!)) / 2e-4, 0);
  });
}

const cases = (["slope", "curvature"] as const).flatMap((weight) =>
  seeds(4).map((seed): [FlipWeight, number] => [weight, seed]),
);

test.each(cases)("harm weighted by %s sums over what differs (seed %i)", (weight, seed) => {
  const design = seed === 1 ? richDesign(seed) : randomDesign(seed, { inputs: 5, gates: 40, outputs: 8 });
  const data = randomData(design, seed);
  const words = Math.ceil(SAMPLES / 32);
  const scores = classScores(design.readout, simulate(design.core, data.bits, words), SAMPLES);
  const drawn = drawDecisive(scores, data, { temperature: TEMPERATURE, count: SAMPLES, seed });
  const values = simulateNodes(design.core, data.bits, words);
  const pairs = allPairs(design);
  const cones = conesOf(design.core, new References(design.core));
  const harm = weighFlips(simulationModule(), design, drawn, { pairs, cones }, weight);
  let largest = 0;
  for (let node = firstGate(design.core); node < nodeCount(design.core); node += 3) {
    const slopes = slopesBy(design, drawn.bits, node, weight === "slope" ? drawn.slope : drawn.spread);
    const flips = slopes.map((d) => (weight === "slope" ? Math.abs(d) : d ** 2 / 2));
    for (let at = pairs.start[node]!; at < pairs.start[node + 1]!; at++) {
      for (const complement of [false, true]) {
        let sum = 0;
        for (let s = 0; s < SAMPLES; s++) {
          const other = bitOf(values.subarray(pairs.source[at]! * words), s) ^ Number(complement);
          if (bitOf(values.subarray(node * words), s) !== other) sum += flips[s]!;
        }
        expect(harmOf(harm, node, at, complement)).toBeCloseTo(sum, 6);
        largest = Math.max(largest, sum);
      }
    }
  }
  for (const [i, cone] of cones.entries()) {
    const slopes = slopesBy(design, drawn.bits, cone.node, weight === "slope" ? drawn.slope : drawn.spread);
    const sums = new Float64Array(64);
    slopes.forEach((d, s) => {
      const pattern = cone.leaves.reduce(
        (p, leaf, k) => p | (bitOf(values.subarray(leaf * words), s) << k),
        0,
      );
      sums[pattern]! += weight === "slope" ? Math.abs(d) : d ** 2 / 2;
    });
    for (const [p, sum] of sums.entries()) expect(harm.patterns[64 * i + p]).toBeCloseTo(sum, 6);
  }
  expect(cones.length).toBeGreaterThan(0);
  expect(largest).toBeGreaterThan(1e-3);
});
