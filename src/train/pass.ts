import type { Model } from "../../compiler/model/model.js";

/** Gradients of one layer's logits; shapes as in `ModelLayer`. */
export interface LayerGradient {
  readonly wire: Float32Array;
  readonly gate: Float32Array;
}

/** A forward and a backward pass over batches of one size. */
export interface Pass {
  /** Samples a row, a multiple of 32. */
  readonly stride: number;
  /** Shape `[classes, stride]`, set by `forward`. */
  readonly scores: Float32Array;
  /** One entry a layer, set by `backward`. */
  readonly gradients: readonly LayerGradient[];
  /** @param inputs shape `[encoder bits, stride / 32]`, 32 samples a word. */
  forward(inputs: Uint32Array): void;
  /** @param dScores gradient of the loss by the scores, shape `[classes, stride]`; 0 for padding. */
  backward(dScores: Float32Array): void;
}

export const emptyGradients = ({ layers }: Model): LayerGradient[] =>
  layers.map(({ wireLogits, gateLogits }) => ({
    wire: new Float32Array(wireLogits.length),
    gate: new Float32Array(gateLogits.length),
  }));

/**
 * Hard training: a candidate whose logit lies this far below the largest of its gate input, so with less than a share of
 * e^-9, is out of the running: its gradient counts as 0, and nothing need be summed for it.
 */
export const REACH = 9;

/** `softmax(logits[from .. from + count])` into `out`, of those less than `reach` below the largest; 0 for the others. */
export function softmaxInto(
  logits: Float32Array,
  from: number,
  count: number,
  out: Float64Array,
  reach = Number.POSITIVE_INFINITY,
): void {
  let top = logits[from]!;
  for (let i = 1; i < count; i++) if (logits[from + i]! > top) top = logits[from + i]!;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const below = top - logits[from + i]!;
    const e = below < reach ? Math.exp(-below) : 0;
    out[i] = e;
    sum += e;
  }
  for (let i = 0; i < count; i++) out[i]! /= sum;
}

/**
 * Expected output of a gate on the four patterns of its inputs, when its function is drawn from `p`.
 *
 * @param p shape `[16]`, by function number.
 * @param table set to t_00, t_01, t_10, t_11.
 */
export function expectedTable(p: Float64Array, table: Float64Array): void {
  table.fill(0);
  for (let f = 1; f < 16; f++) {
    for (let pattern = 0; pattern < 4; pattern++) if ((f >> (3 - pattern)) & 1) table[pattern]! += p[f]!;
  }
}

/**
 * Gradient by a gate's sixteen logits from that by its table.
 *
 * @param d gradient by t_00, t_01, t_10, t_11.
 */
export function gateGradient(p: Float64Array, d: Float64Array, out: Float32Array, from: number): void {
  let mean = 0;
  for (let f = 1; f < 16; f++) mean += p[f]! * ofFunction(d, f);
  for (let f = 0; f < 16; f++) out[from + f] = p[f]! * (ofFunction(d, f) - mean);
}

const ofFunction = (d: Float64Array, f: number): number =>
  (f & 8 ? d[0]! : 0) + (f & 4 ? d[1]! : 0) + (f & 2 ? d[2]! : 0) + (f & 1 ? d[3]! : 0);

/** The classes that each node votes for, as compressed rows: terms of node `n` are `[start[n], start[n + 1])`. */
export interface VoteTerms {
  readonly start: Uint32Array;
  readonly cls: Uint32Array;
  readonly weight: Float64Array;
}

export function voteTerms({ votes, readout }: Model, nodes: number): VoteTerms {
  const rows: { cls: number; weight: number }[][] = Array.from({ length: nodes }, () => []);
  readout.classNames.forEach((_, cls) => {
    for (let t = readout.start[cls]!; t < readout.start[cls + 1]!; t++) {
      rows[votes[readout.vote[t]!]!]!.push({ cls, weight: readout.weight[t]! });
    }
  });
  const start = new Uint32Array(nodes + 1);
  rows.forEach((row, n) => {
    start[n + 1] = start[n]! + row.length;
  });
  const flat = rows.flat();
  return {
    start,
    cls: Uint32Array.from(flat, ({ cls }) => cls),
    weight: Float64Array.from(flat, ({ weight }) => weight),
  };
}
