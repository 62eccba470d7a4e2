import { argmax } from "../../compiler/ir/readout.js";
import { layerOffsets, type Model, type ModelLayer } from "../../compiler/model/model.js";
import { emptyGradients, expectedTable, gateGradient, type Pass, softmaxInto, voteTerms } from "./pass.js";

/**
 * The relaxed network: a gate input is the mean of its candidates under the softmax of its logits, a gate the mean
 * of the sixteen functions, bilinear in its inputs (Petersen et al., "Deep Differentiable Logic Gate Networks",
 * 2022; Bacellar et al. and arXiv 2507.02585 for learned wires). Its gradients are exact.
 */
export function softPass(model: Model, batch: number): Pass {
  const stride = 32 * Math.ceil(batch / 32);
  const offsets = layerOffsets(model);
  const nodes = offsets.at(-1)!;
  const classes = model.readout.classNames.length;
  const terms = voteTerms(model, nodes);
  const values = new Float32Array(nodes * stride);
  const dValues = new Float32Array(nodes * stride);
  const scores = new Float32Array(classes * stride);
  const gradients = emptyGradients(model);
  /** What each gate input reads, shape `[2, gates, stride]` a layer. */
  const reads = model.layers.map(({ gates }) => new Float32Array(2 * gates * stride));
  const candidateCount = Math.max(...model.layers.map(({ candidates }) => candidates));
  const [share, sums] = [new Float64Array(candidateCount), new Float64Array(candidateCount)];
  const [p, t, d] = [new Float64Array(16), new Float64Array(4), new Float64Array(4)];
  const [da, db] = [new Float64Array(stride), new Float64Array(stride)];

  function readWires(layer: ModelLayer, read: Float32Array): void {
    read.fill(0);
    for (let row = 0; row < 2 * layer.gates; row++) {
      const from = row * layer.candidates;
      softmaxInto(layer.wireLogits, from, layer.candidates, share);
      for (let c = 0; c < layer.candidates; c++) {
        const source = layer.candidateIndex[from + c]! * stride;
        for (let s = 0; s < stride; s++) read[row * stride + s]! += share[c]! * values[source + s]!;
      }
    }
  }

  function forwardLayer(layer: ModelLayer, l: number): void {
    const read = reads[l]!;
    readWires(layer, read);
    for (let g = 0; g < layer.gates; g++) {
      softmaxInto(layer.gateLogits, 16 * g, 16, p);
      expectedTable(p, t);
      const out = (offsets[l]! + g) * stride;
      for (let s = 0; s < stride; s++) {
        const a = read[g * stride + s]!;
        const b = read[(layer.gates + g) * stride + s]!;
        values[out + s] = (1 - a) * ((1 - b) * t[0]! + b * t[1]!) + a * ((1 - b) * t[2]! + b * t[3]!);
      }
    }
  }

  function backwardWire(layer: ModelLayer, l: number, row: number, gradient: Float64Array): void {
    const from = row * layer.candidates;
    softmaxInto(layer.wireLogits, from, layer.candidates, share);
    let mean = 0;
    for (let c = 0; c < layer.candidates; c++) {
      const source = layer.candidateIndex[from + c]! * stride;
      let sum = 0;
      for (let s = 0; s < stride; s++) {
        sum += gradient[s]! * values[source + s]!;
        dValues[source + s]! += share[c]! * gradient[s]!;
      }
      sums[c] = sum;
      mean += share[c]! * sum;
    }
    for (let c = 0; c < layer.candidates; c++) gradients[l]!.wire[from + c] = share[c]! * (sums[c]! - mean);
  }

  function backwardLayer(layer: ModelLayer, l: number): void {
    const read = reads[l]!;
    for (let g = 0; g < layer.gates; g++) {
      softmaxInto(layer.gateLogits, 16 * g, 16, p);
      expectedTable(p, t);
      d.fill(0);
      const out = (offsets[l]! + g) * stride;
      for (let s = 0; s < stride; s++) {
        const a = read[g * stride + s]!;
        const b = read[(layer.gates + g) * stride + s]!;
        const dy = dValues[out + s]!;
        d[0]! += dy * (1 - a) * (1 - b);
        d[1]! += dy * (1 - a) * b;
        d[2]! += dy * a * (1 - b);
        d[3]! += dy * a * b;
        da[s] = dy * ((1 - b) * (t[2]! - t[0]!) + b * (t[3]! - t[1]!));
        db[s] = dy * ((1 - a) * (t[1]! - t[0]!) + a * (t[3]! - t[2]!));
      }
      gateGradient(p, d, gradients[l]!.gate, 16 * g);
      backwardWire(layer, l, g, da);
      backwardWire(layer, l, layer.gates + g, db);
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
      for (let at = 0; at < offsets[0]! * stride; at++) values[at] = (inputs[at >>> 5]! >>> (at & 31)) & 1;
      model.layers.forEach(forwardLayer);
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
      for (let l = model.layers.length - 1; l >= 0; l--) backwardLayer(model.layers[l]!, l);
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
