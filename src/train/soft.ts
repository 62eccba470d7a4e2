import { argmax } from "../../compiler/ir/readout.js";
import type { Model } from "../../compiler/model/model.js";
import { type GateStep, type PoolStep, stepsOf } from "../../compiler/model/steps.js";
import { emptyGradients, expectedTable, gateGradient, type Pass, softmaxInto, voteTerms } from "./pass.js";

/**
 * The relaxed network: a gate input is the mean of its candidates under the softmax of its logits, a gate the mean
 * of the sixteen functions, bilinear in its inputs (Petersen et al., "Deep Differentiable Logic Gate Networks",
 * 2022; Bacellar et al. and arXiv 2507.02585 for learned wires). Its gradients are exact.
 */
export function softPass(model: Model, batch: number): Pass {
  const stride = 32 * Math.ceil(batch / 32);
  const { steps, nodes } = stepsOf(model);
  const classes = model.readout.classNames.length;
  const terms = voteTerms(model, nodes);
  // One node more stays 0: what a map without a node there reads.
  const values = new Float32Array((nodes + 1) * stride);
  const dValues = new Float32Array((nodes + 1) * stride);
  const scores = new Float32Array(classes * stride);
  const gradients = emptyGradients(model);
  /** What each gate input reads, shape `[2, gates, positions, stride]` a step. */
  const reads = steps.map(
    (step) => new Float32Array(step.kind === "gates" ? 2 * step.gates * step.positions * stride : 0),
  );
  const candidateCount = Math.max(...model.layers.map(({ candidates }) => candidates));
  const [share, sums] = [new Float64Array(candidateCount), new Float64Array(candidateCount)];
  const [p, t, d] = [new Float64Array(16), new Float64Array(4), new Float64Array(4)];
  const width = stride * Math.max(...steps.map((step) => (step.kind === "gates" ? step.positions : 0)));
  const [da, db] = [new Float64Array(width), new Float64Array(width)];

  /** Shares of an input's candidates in what it reads. */
  function sharesOf({ layer, learned, candidates }: GateStep, row: number): void {
    if (learned) softmaxInto(model.layers[layer]!.wireLogits, row * candidates, candidates, share);
    else share[0] = 1;
  }

  function readWires(step: GateStep, read: Float32Array): void {
    const { gates, positions, candidates, index, place, map } = step;
    read.fill(0);
    for (let row = 0; row < 2 * gates; row++) {
      sharesOf(step, row);
      for (let c = 0; c < candidates; c++) {
        for (let p = 0, to = row * positions * stride; p < positions; p++) {
          const source = map[index[row * candidates + c]! + place[p]!]! * stride;
          for (let s = 0; s < stride; s++) read[to++]! += share[c]! * values[source + s]!;
        }
      }
    }
  }

  function forwardGates(step: GateStep, read: Float32Array): void {
    const { layer, gates, positions, first, firstRow } = step;
    readWires(step, read);
    const width = positions * stride;
    for (let g = 0; g < gates; g++) {
      softmaxInto(model.layers[layer]!.gateLogits, 16 * (firstRow + g), 16, p);
      expectedTable(p, t);
      const out = first * stride + g * width;
      for (let s = 0; s < width; s++) {
        const a = read[g * width + s]!;
        const b = read[(gates + g) * width + s]!;
        values[out + s] = (1 - a) * ((1 - b) * t[0]! + b * t[1]!) + a * ((1 - b) * t[2]! + b * t[3]!);
      }
    }
  }

  /** OR of independent bits: 1 - Π (1 - x). */
  function forwardPool({ first, outputs, fanins }: PoolStep): void {
    for (let o = 0; o < outputs; o++) {
      for (let s = 0; s < stride; s++) {
        let none = 1;
        for (let i = 4 * o; i < 4 * o + 4; i++) none *= 1 - values[fanins[i]! * stride + s]!;
        values[(first + o) * stride + s] = 1 - none;
      }
    }
  }

  function backwardPool({ first, outputs, fanins }: PoolStep): void {
    for (let o = 0; o < outputs; o++) {
      for (let i = 0; i < 4; i++) {
        for (let s = 0; s < stride; s++) {
          let none = 1;
          for (let k = 0; k < 4; k++) if (k !== i) none *= 1 - values[fanins[4 * o + k]! * stride + s]!;
          dValues[fanins[4 * o + i]! * stride + s]! += none * dValues[(first + o) * stride + s]!;
        }
      }
    }
  }

  /** @param gradient by what the input reads, shape `[positions, stride]`. */
  function backwardWire(step: GateStep, row: number, gradient: Float64Array): void {
    const { layer, positions, learned, candidates, index, place, map } = step;
    const from = row * candidates;
    sharesOf(step, row);
    let mean = 0;
    for (let c = 0; c < candidates; c++) {
      let sum = 0;
      for (let p = 0, at = 0; p < positions; p++) {
        const source = map[index[from + c]! + place[p]!]! * stride;
        for (let s = 0; s < stride; s++, at++) {
          sum += gradient[at]! * values[source + s]!;
          dValues[source + s]! += share[c]! * gradient[at]!;
        }
      }
      sums[c] = sum;
      mean += share[c]! * sum;
    }
    if (!learned) return;
    for (let c = 0; c < candidates; c++) gradients[layer]!.wire[from + c] = share[c]! * (sums[c]! - mean);
  }

  function backwardGates(step: GateStep, read: Float32Array): void {
    const { layer, gates, positions, first, firstRow } = step;
    const width = positions * stride;
    for (let g = 0; g < gates; g++) {
      softmaxInto(model.layers[layer]!.gateLogits, 16 * (firstRow + g), 16, p);
      expectedTable(p, t);
      d.fill(0);
      const out = first * stride + g * width;
      for (let s = 0; s < width; s++) {
        const a = read[g * width + s]!;
        const b = read[(gates + g) * width + s]!;
        const dy = dValues[out + s]!;
        d[0]! += dy * (1 - a) * (1 - b);
        d[1]! += dy * (1 - a) * b;
        d[2]! += dy * a * (1 - b);
        d[3]! += dy * a * b;
        da[s] = dy * ((1 - b) * (t[2]! - t[0]!) + b * (t[3]! - t[1]!));
        db[s] = dy * ((1 - a) * (t[1]! - t[0]!) + a * (t[3]! - t[2]!));
      }
      gateGradient(p, d, gradients[layer]!.gate, 16 * (firstRow + g));
      backwardWire(step, g, da);
      backwardWire(step, gates + g, db);
    }
  }

  /** Calls `visit` with every vote: its node, class and weight. */
  function eachVote(visit: (node: number, cls: number, weight: number) => void): void {
    for (let n = 0; n < nodes; n++) {
      for (let i = terms.start[n]!; i < terms.start[n + 1]!; i++)
        visit(n * stride, terms.cls[i]! * stride, terms.weight[i]!);
    }
  }

  return {
    stride,
    scores,
    gradients,
    forward(inputs) {
      for (let at = 0; at < model.encoder.bits.length * stride; at++)
        values[at] = (inputs[at >>> 5]! >>> (at & 31)) & 1;
      steps.forEach((step, i) => {
        if (step.kind === "gates") forwardGates(step, reads[i]!);
        else forwardPool(step);
      });
      for (let c = 0; c < classes; c++) scores.fill(model.readout.offset[c]!, c * stride, (c + 1) * stride);
      eachVote((node, cls, weight) => {
        for (let s = 0; s < stride; s++) scores[cls + s]! += weight * values[node + s]!;
      });
    },
    backward(dScores) {
      dValues.fill(0);
      eachVote((node, cls, weight) => {
        for (let s = 0; s < stride; s++) dValues[node + s]! += weight * dScores[cls + s]!;
      });
      for (let i = steps.length - 1; i >= 0; i--) {
        const step = steps[i]!;
        if (step.kind === "gates") backwardGates(step, reads[i]!);
        else backwardPool(step);
      }
    },
  };
}

/**
 * The classes that the relaxed network gives.
 *
 * @param bits shape `[encoder bits][words]`, 32 samples a word.
 */
export function predictSoft(model: Model, bits: readonly Uint32Array[], samples: number): Uint16Array {
  const pass = softPass(model, 32);
  const classes = model.readout.classNames.length;
  const predicted = new Uint16Array(samples);
  for (let from = 0; from < samples; from += 32) {
    pass.forward(Uint32Array.from(bits, (row) => row[from >>> 5]!));
    for (let s = 0; s < 32 && from + s < samples; s++) {
      predicted[from + s] = argmax(
        Float32Array.from({ length: classes }, (_, c) => pass.scores[c * 32 + s]!),
      );
    }
  }
  return predicted;
}
