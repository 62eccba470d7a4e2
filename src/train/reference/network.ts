import type { Tensor, Tensor1D, Tensor2D } from "@tensorflow/tfjs";
import { type DenseLayer, denseLayers, layerOffsets, type Model } from "../../../compiler/model/model.js";
import { type StraightThrough, straightThrough } from "./straight-through.js";
import type { Tensorflow } from "./tensorflow.js";

/** Logits of one layer. */
export interface LayerLogits {
  /** Shape `[2 gates, C]`. */
  readonly wire: Tensor2D;
  /** Shape `[gates, 16]`. */
  readonly gate: Tensor2D;
}

/** A network as an expression that TensorFlow.js differentiates. */
export interface ReferenceNetwork {
  /** @param inputs shape `[encoder bits, batch]`, 0 or 1. @returns shape `[classes, batch]`. */
  scores(logits: readonly LayerLogits[], inputs: Tensor2D): Tensor2D;
  dispose(): void;
}

/**
 * The sixteen functions as polynomials: entry `[f, i]` is the coefficient of 1, a, b, ab for i = 0..3 in function `f`.
 * Softmax shares times this matrix are a relaxed gate's coefficients.
 */
const COEFFICIENTS = Array.from({ length: 16 }, (_, f) => {
  const [t00, t01, t10, t11] = [(f >> 3) & 1, (f >> 2) & 1, (f >> 1) & 1, f & 1];
  return [t00, t10 - t00, t01 - t00, t11 - t10 - t01 + t00];
});

/**
 * The network of a model, written without a single derivative: `soft` as `softPass` relaxes it, `hard` with the bits of
 * `hardPass` and straight-through gradients. It reads the logits that it is given, not those of the model.
 */
export function referenceNetwork(tf: Tensorflow, model: Model, mode: "hard" | "soft"): ReferenceNetwork {
  const ops = straightThrough(tf);
  const coefficients = tf.tensor2d(COEFFICIENTS);
  const layers = denseLayers(model, "the TensorFlow.js engine").map((layer, l) =>
    layerConstants(tf, model, layer, l),
  );
  const readout = readoutConstants(tf, model);
  const layer = mode === "hard" ? hardLayer : softLayer;
  return {
    scores(logits, inputs) {
      const blocks: Tensor2D[] = [inputs];
      layers.forEach((constants, l) => {
        blocks.push(
          layer({ tf, ops, coefficients, ...constants }, logits[l]!, joined(tf, blocks, constants.reads)),
        );
      });
      return tf.add(tf.matMul(readout.weights, joined(tf, blocks, readout.reads)), readout.offset);
    },
    dispose: () =>
      tf.dispose([coefficients, readout.weights, readout.offset, ...layers.map(({ index }) => index)]),
  };
}

interface LayerContext extends LayerConstants {
  readonly tf: Tensorflow;
  readonly ops: StraightThrough;
  readonly coefficients: Tensor2D;
}

/** @param values shape `[nodes read from, batch]`. @returns shape `[gates, batch]`. */
type LayerExpression = (context: LayerContext, logits: LayerLogits, values: Tensor2D) => Tensor2D;

const softLayer: LayerExpression = ({ tf, ops, index, coefficients }, { wire, gate }, values) => {
  const [rows, candidates] = index.shape;
  const batch = values.shape[1];
  const read = ops.gatherRows(values, tf.reshape(index, [rows * candidates]));
  // A matrix product a row: what it reads is the mean of its candidates under its shares.
  const shares = tf.reshape(tf.softmax(wire), [rows, 1, candidates]);
  const mixed = candidates === 1 ? read : tf.matMul(shares, tf.reshape(read, [rows, candidates, batch]));
  const [a, b] = tf.split(tf.reshape(mixed, [rows, batch]), 2) as [Tensor2D, Tensor2D];
  return polynomial(tf, tf.matMul(tf.softmax(gate), coefficients), a, b);
};

const hardLayer: LayerExpression = ({ tf, ops, index, coefficients }, { wire, gate }, values) => {
  const read = ops.readChosen(wire, values, index);
  const [a, b] = tf.split(read, 2) as [Tensor2D, Tensor2D];
  const relaxed = polynomial(tf, tf.matMul(tf.softmax(gate), coefficients), a, b);
  return ops.withValueOf(
    () => polynomial(tf, tf.gather(coefficients, tf.argMax<Tensor1D>(gate, 1)), a, b),
    relaxed,
  );
};

/** `c0 + c1 a + c2 b + c3 ab`. @param c shape `[gates, 4]`. */
function polynomial(tf: Tensorflow, c: Tensor2D, a: Tensor2D, b: Tensor2D): Tensor2D {
  const [c0, c1, c2, c3] = tf.split(c, 4, 1) as [Tensor2D, Tensor2D, Tensor2D, Tensor2D];
  return tf.add(tf.add(c0, tf.mul(c1, a)), tf.mul(b, tf.add(c2, tf.mul(c3, a))));
}

interface LayerConstants {
  /** Blocks (the inputs, then every layer) that the layer reads from. */
  readonly reads: readonly number[];
  /** Shape `[2 gates, C]`: rows of those blocks joined. */
  readonly index: Tensor2D;
}

function layerConstants(tf: Tensorflow, model: Model, layer: DenseLayer, l: number): LayerConstants {
  const { reads, rowOf } = blocksOf(model, layer.candidateIndex, l + 1);
  const index = Int32Array.from(layer.candidateIndex, rowOf);
  return { reads, index: tf.tensor2d(index, [2 * layer.gates, layer.candidates], "int32") };
}

function readoutConstants(
  tf: Tensorflow,
  model: Model,
): { reads: number[]; weights: Tensor2D; offset: Tensor2D } {
  const { classNames, offset, start, vote, weight } = model.readout;
  const { reads, rowOf, rows } = blocksOf(model, model.votes, model.layers.length + 1);
  const weights = new Float32Array(classNames.length * rows);
  classNames.forEach((_, c) => {
    for (let t = start[c]!; t < start[c + 1]!; t++)
      weights[c * rows + rowOf(model.votes[vote[t]!]!)]! += weight[t]!;
  });
  return {
    reads,
    weights: tf.tensor2d(weights, [classNames.length, rows]),
    offset: tf.tensor2d(Float32Array.from(offset), [classNames.length, 1]),
  };
}

/** The blocks among the first `count` that the nodes lie in, and where a node lies when those are joined. */
function blocksOf(
  model: Model,
  nodes: Uint32Array,
  count: number,
): { reads: number[]; rowOf: (node: number) => number; rows: number } {
  const begins = [0, ...layerOffsets(model)];
  const used = new Set<number>();
  const blockOf = (node: number): number => {
    let block = count - 1;
    while (begins[block]! > node) block--;
    return block;
  };
  for (const node of nodes) used.add(blockOf(node));
  const reads = [...used].sort((x, y) => x - y);
  const shift = new Map<number, number>();
  let rows = 0;
  for (const block of reads) {
    shift.set(block, rows - begins[block]!);
    rows += begins[block + 1]! - begins[block]!;
  }
  return { reads, rows, rowOf: (node) => node + shift.get(blockOf(node))! };
}

const joined = (tf: Tensorflow, blocks: readonly Tensor2D[], reads: readonly number[]): Tensor2D =>
  reads.length === 1
    ? blocks[reads[0]!]!
    : tf.concat(reads.map((block): Tensor => blocks[block]!) as Tensor2D[]);
