import { largest, type Model } from "../../compiler/model/model.js";
import { type GateStep, type PoolStep, stepsOf } from "../../compiler/model/steps.js";
import { buildTable, sumOver } from "./partial-sums.js";
import {
  emptyGradients,
  expectedTable,
  gateGradient,
  type Pass,
  REACH,
  softmaxInto,
  voteTerms,
} from "./pass.js";

/**
 * The hard network: each gate input reads the candidate with the largest logit, each gate computes the function with
 * the largest logit, activations are bits, 32 samples a word. Gradients are straight-through estimates: those of the
 * relaxed gate and wire, taken at the hard activations. Those of a shared gate are summed over its positions.
 *
 * Sums of gradient rows over the ones of a bit row, Σ_s x_s·d_s, are looked up four samples at a time in tables
 * of partial sums of `d`: with C candidates a gate input that is C/4 of the additions.
 *
 * @param batch samples a batch.
 */
export function hardPass(model: Model, batch: number): Pass {
  const words = Math.ceil(batch / 32);
  const stride = 32 * words;
  const { steps, nodes } = stepsOf(model);
  const inputs = model.encoder.bits.length;
  const classes = model.readout.classNames.length;
  const terms = voteTerms(model, nodes);
  // One node more stays false: what a map without a node there reads.
  const bits = new Uint32Array((nodes + 1) * words);
  const scores = new Float32Array(classes * stride);
  const gradients = emptyGradients(model);
  /** What every gate input reads, as an index into its step's candidates. */
  const chosen = steps.map((step) => new Uint32Array(step.kind === "gates" ? 2 * step.gates : 0));
  /** Gradient by every node after the inputs, shape `[nodes - inputs + 1, stride]`. */
  const dy = new Float32Array((nodes + 1 - inputs) * stride);
  const dInput = [new Float32Array(stride), new Float32Array(stride)] as const;
  const table = new Float32Array(4 * stride);
  const functionShare = new Float64Array(16);
  const [expected, patternGradient] = [new Float64Array(4), new Float64Array(4)];
  const candidateCount = Math.max(...model.layers.map(({ candidates }) => candidates));
  const share = new Float64Array(candidateCount);
  const wireSum = [new Float64Array(candidateCount), new Float64Array(candidateCount)] as const;

  function forwardGates(step: GateStep, choice: Uint32Array): void {
    const { gates, positions, first, firstRow, learned, candidates, index, place, map } = step;
    const { wireLogits, gateLogits } = model.layers[step.layer]!;
    for (let row = 0; row < 2 * gates; row++)
      choice[row] = row * candidates + (learned ? largest(wireLogits, row * candidates, candidates) : 0);
    for (let g = 0; g < gates; g++) {
      const [a, b] = [index[choice[g]!]!, index[choice[gates + g]!]!];
      const f = largest(gateLogits, 16 * (firstRow + g), 16);
      const [m00, m01, m10, m11] = [-((f >> 3) & 1), -((f >> 2) & 1), -((f >> 1) & 1), -(f & 1)];
      for (let p = 0; p < positions; p++) {
        const [from, other] = [map[a + place[p]!]! * words, map[b + place[p]!]! * words];
        const out = (first + g * positions + p) * words;
        for (let w = 0; w < words; w++) {
          const x = bits[from + w]!;
          const y = bits[other + w]!;
          bits[out + w] = (~x & ((~y & m00) | (y & m01))) | (x & ((~y & m10) | (y & m11)));
        }
      }
    }
  }

  function forwardPool({ first, outputs, fanins }: PoolStep): void {
    for (let o = 0; o < outputs; o++) {
      for (let w = 0; w < words; w++) {
        let any = 0;
        for (let i = 4 * o; i < 4 * o + 4; i++) any |= bits[fanins[i]! * words + w]!;
        bits[(first + o) * words + w] = any;
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

  /** Gradient by the node that a gate input reads, and the sums over its candidates' ones. */
  function backwardRead(step: GateStep, choice: Uint32Array, row: number, p: number, which: 0 | 1): void {
    const { candidates, index, place, map } = step;
    const d = dInput[which];
    if (step.learned) {
      buildTable(d, table);
      for (let c = 0; c < candidates; c++)
        wireSum[which][c]! += sumOver(
          table,
          bits,
          map[index[row * candidates + c]! + place[p]!]! * words,
          words,
        );
    }
    const source = map[index[choice[row]!]! + place[p]!]! - inputs;
    if (source < 0) return;
    for (let s = 0, at = source * stride; s < stride; s++, at++) dy[at]! += d[s]!;
  }

  /** Adds to the gradient by the gate's four patterns, and sets those by its inputs, at one position. */
  function backwardPosition(a: number, b: number, row: number): void {
    const [t00, t01, t10, t11] = [expected[0]!, expected[1]!, expected[2]!, expected[3]!];
    const [a0, a1, b0, b1] = [t10 - t00, t11 - t01, t01 - t00, t11 - t10];
    const [da, db] = dInput;
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
    patternGradient[0]! += d00;
    patternGradient[1]! += d01;
    patternGradient[2]! += d10;
    patternGradient[3]! += d11;
  }

  function wireGradient({ layer, candidates }: GateStep, row: number, sums: Float64Array): void {
    const from = row * candidates;
    softmaxInto(model.layers[layer]!.wireLogits, from, candidates, share, REACH);
    let mean = 0;
    for (let c = 0; c < candidates; c++) mean += share[c]! * sums[c]!;
    for (let c = 0; c < candidates; c++) gradients[layer]!.wire[from + c] = share[c]! * (sums[c]! - mean);
  }

  function backwardGates(step: GateStep, choice: Uint32Array): void {
    const { gates, positions, first, firstRow, learned, index, place, map } = step;
    for (let g = 0; g < gates; g++) {
      softmaxInto(model.layers[step.layer]!.gateLogits, 16 * (firstRow + g), 16, functionShare);
      expectedTable(functionShare, expected);
      const [a, b] = [index[choice[g]!]!, index[choice[gates + g]!]!];
      patternGradient.fill(0);
      for (const sums of wireSum) sums.fill(0);
      for (let p = 0; p < positions; p++) {
        const node = first + g * positions + p;
        backwardPosition(map[a + place[p]!]! * words, map[b + place[p]!]! * words, (node - inputs) * stride);
        backwardRead(step, choice, g, p, 0);
        backwardRead(step, choice, gates + g, p, 1);
      }
      gateGradient(functionShare, patternGradient, gradients[step.layer]!.gate, 16 * (firstRow + g));
      if (!learned) continue;
      wireGradient(step, g, wireSum[0]);
      wireGradient(step, gates + g, wireSum[1]);
    }
  }

  /** A pooled output's gradient goes to the fanin that decides it: one whose three neighbours are all false. */
  function backwardPool({ first, outputs, fanins }: PoolStep): void {
    for (let o = 0; o < outputs; o++) {
      for (let i = 0; i < 4; i++) {
        const to = (fanins[4 * o + i]! - inputs) * stride;
        for (let s = 0; s < stride; s++) {
          let others = 0;
          for (let k = 0; k < 4; k++) if (k !== i) others |= bits[fanins[4 * o + k]! * words + (s >>> 5)]!;
          if (((others >>> (s & 31)) & 1) === 0) dy[to + s]! += dy[(first + o - inputs) * stride + s]!;
        }
      }
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
      steps.forEach((step, i) => {
        if (step.kind === "gates") forwardGates(step, chosen[i]!);
        else forwardPool(step);
      });
      countVotes();
    },
    backward(dScores) {
      voteGradients(dScores);
      for (let i = steps.length - 1; i >= 0; i--) {
        const step = steps[i]!;
        if (step.kind === "gates") backwardGates(step, chosen[i]!);
        else backwardPool(step);
      }
    },
  };
}
