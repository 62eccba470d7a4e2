import {
  chosenFanin,
  chosenFunction,
  layerOffsets,
  type Model,
  type ModelLayer,
} from "../../compiler/model/model.js";
import { emptyGradients, expectedTable, gateGradient, type Pass, softmaxInto, voteTerms } from "./pass.js";

/**
 * The hard network: each gate input reads the candidate with the largest logit, each gate computes the function with
 * the largest logit, activations are bits, 32 samples a word. Gradients are straight-through estimates: those of the
 * relaxed gate and wire, taken at the hard activations.
 *
 * Sums of gradient rows over the ones of a bit row, Σ_s x_s·d_s, are looked up four samples at a time in tables
 * of partial sums of `d`: with C candidates a gate input that is C/4 of the additions.
 *
 * @param batch samples a batch.
 */
export function hardPass(model: Model, batch: number): Pass {
  const words = Math.ceil(batch / 32);
  const stride = 32 * words;
  const offsets = layerOffsets(model);
  const inputs = offsets[0]!;
  const nodes = offsets.at(-1)!;
  const classes = model.readout.classNames.length;
  const terms = voteTerms(model, nodes);
  const bits = new Uint32Array(nodes * words);
  const scores = new Float32Array(classes * stride);
  const gradients = emptyGradients(model);
  const fanins = model.layers.map(({ gates }) => new Uint32Array(2 * gates));
  /** Gradient by every gate's output, shape `[gates, stride]`. */
  const dy = new Float32Array((nodes - inputs) * stride);
  const [da, db] = [new Float32Array(stride), new Float32Array(stride)];
  const [tableA, tableB] = [new Float32Array(4 * stride), new Float32Array(4 * stride)];
  const functionShare = new Float64Array(16);
  const [expected, patternGradient] = [new Float64Array(4), new Float64Array(4)];
  const candidateCount = Math.max(...model.layers.map(({ candidates }) => candidates));
  const [wireShare, wireSum] = [new Float64Array(candidateCount), new Float64Array(candidateCount)];

  function forwardLayer(layer: ModelLayer, l: number): void {
    for (let g = 0; g < layer.gates; g++) {
      const a = chosenFanin(layer, 0, g);
      const b = chosenFanin(layer, 1, g);
      fanins[l]![g] = a;
      fanins[l]![layer.gates + g] = b;
      const f = chosenFunction(layer, g);
      const [m00, m01, m10, m11] = [-((f >> 3) & 1), -((f >> 2) & 1), -((f >> 1) & 1), -(f & 1)];
      const out = (offsets[l]! + g) * words;
      for (let w = 0; w < words; w++) {
        const x = bits[a * words + w]!;
        const y = bits[b * words + w]!;
        bits[out + w] = (~x & ((~y & m00) | (y & m01))) | (x & ((~y & m10) | (y & m11)));
      }
    }
  }

  function countVotes(): void {
    for (let c = 0; c < classes; c++) scores.fill(model.readout.offset[c]!, c * stride, (c + 1) * stride);
    for (let n = 0; n < nodes; n++) {
      for (let t = terms.start[n]!; t < terms.start[n + 1]!; t++) {
        const row = terms.cls[t]! * stride;
        const weight = terms.weight[t]!;
        for (let s = 0; s < stride; s++)
          scores[row + s]! += weight * ((bits[n * words + (s >>> 5)]! >>> (s & 31)) & 1);
      }
    }
  }

  /** Σ over the ones of node `x` of the row that `table` was built of. */
  function sumOver(table: Float32Array, x: number): number {
    let sum = 0;
    for (let w = 0, at = 0; w < words; w++, at += 128) {
      const m = bits[x * words + w]!;
      sum +=
        table[at + (m & 15)]! +
        table[at + 16 + ((m >>> 4) & 15)]! +
        (table[at + 32 + ((m >>> 8) & 15)]! + table[at + 48 + ((m >>> 12) & 15)]!) +
        (table[at + 64 + ((m >>> 16) & 15)]! +
          table[at + 80 + ((m >>> 20) & 15)]! +
          (table[at + 96 + ((m >>> 24) & 15)]! + table[at + 112 + (m >>> 28)]!));
    }
    return sum;
  }

  /** Gradient by the wire logits of one gate input, and by the node that it reads. */
  function backwardWire(
    layer: ModelLayer,
    l: number,
    row: number,
    d: Float32Array,
    table: Float32Array,
  ): void {
    buildTable(d, table);
    const from = row * layer.candidates;
    const { wire } = gradients[l]!;
    softmaxInto(layer.wireLogits, from, layer.candidates, wireShare);
    let mean = 0;
    for (let c = 0; c < layer.candidates; c++) {
      const sum = sumOver(table, layer.candidateIndex[from + c]!);
      wireSum[c] = sum;
      mean += wireShare[c]! * sum;
    }
    for (let c = 0; c < layer.candidates; c++) wire[from + c] = wireShare[c]! * (wireSum[c]! - mean);
    const source = fanins[l]![row]! - inputs;
    if (source < 0) return;
    for (let s = 0, at = source * stride; s < stride; s++, at++) dy[at]! += d[s]!;
  }

  function backwardLayer(layer: ModelLayer, l: number): void {
    for (let g = 0; g < layer.gates; g++) {
      softmaxInto(layer.gateLogits, 16 * g, 16, functionShare);
      expectedTable(functionShare, expected);
      const [t00, t01, t10, t11] = [expected[0]!, expected[1]!, expected[2]!, expected[3]!];
      const [a0, a1, b0, b1] = [t10 - t00, t11 - t01, t01 - t00, t11 - t10];
      const a = fanins[l]![g]! * words;
      const b = fanins[l]![layer.gates + g]! * words;
      const row = (offsets[l]! - inputs + g) * stride;
      let [d00, d01, d10, d11] = [0, 0, 0, 0];
      for (let s = 0; s < stride; s++) {
        const d = dy[row + s]!;
        const x = (bits[a + (s >>> 5)]! >>> (s & 31)) & 1;
        const y = (bits[b + (s >>> 5)]! >>> (s & 31)) & 1;
        if (x === 1) {
          if (y === 1) d11 += d;
          else d10 += d;
        } else if (y === 1) d01 += d;
        else d00 += d;
        da[s] = d * (y === 1 ? a1 : a0);
        db[s] = d * (x === 1 ? b1 : b0);
      }
      patternGradient[0] = d00;
      patternGradient[1] = d01;
      patternGradient[2] = d10;
      patternGradient[3] = d11;
      gateGradient(functionShare, patternGradient, gradients[l]!.gate, 16 * g);
      backwardWire(layer, l, g, da, tableA);
      backwardWire(layer, l, layer.gates + g, db, tableB);
    }
  }

  function voteGradients(dScores: Float32Array): void {
    dy.fill(0);
    for (let n = inputs; n < nodes; n++) {
      for (let t = terms.start[n]!; t < terms.start[n + 1]!; t++) {
        const from = terms.cls[t]! * stride;
        const weight = terms.weight[t]!;
        for (let s = 0; s < stride; s++) dy[(n - inputs) * stride + s]! += weight * dScores[from + s]!;
      }
    }
  }

  return {
    stride,
    scores,
    gradients,
    forward(inputBits) {
      bits.set(inputBits);
      model.layers.forEach(forwardLayer);
      countVotes();
    },
    backward(dScores) {
      voteGradients(dScores);
      for (let l = model.layers.length - 1; l >= 0; l--) backwardLayer(model.layers[l]!, l);
    },
  };
}

/** Partial sums of a row, four samples at a time: entry `16 k + m` is Σ of `row[4 k + i]` over the ones `i` of `m`. */
function buildTable(row: Float32Array, table: Float32Array): void {
  for (let k = 0, at = 0; k < row.length; k += 4, at += 16) {
    const d0 = row[k]!;
    const d1 = row[k + 1]!;
    const d2 = row[k + 2]!;
    const d3 = row[k + 3]!;
    const d01 = d0 + d1;
    const d23 = d2 + d3;
    table[at] = 0;
    table[at + 1] = d0;
    table[at + 2] = d1;
    table[at + 3] = d01;
    table[at + 4] = d2;
    table[at + 5] = d0 + d2;
    table[at + 6] = d1 + d2;
    table[at + 7] = d01 + d2;
    table[at + 8] = d3;
    table[at + 9] = d0 + d3;
    table[at + 10] = d1 + d3;
    table[at + 11] = d01 + d3;
    table[at + 12] = d23;
    table[at + 13] = d0 + d23;
    table[at + 14] = d1 + d23;
    table[at + 15] = d01 + d23;
  }
}
