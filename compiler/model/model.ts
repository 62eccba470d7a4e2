import { UserError } from "../../base/errors.js";
import type { Encoder } from "../ir/encoder.js";
import type { Readout } from "../ir/readout.js";
import { type ConvLayer, convSizes } from "./conv.js";

/**
 * A trained network as the model file holds it (docs/formats/model.md).
 *
 * *Global node ids*: encoder bits are 0..inputs-1, then every node of every layer in order. A layer may read
 * any node of an earlier layer or any input.
 */
export interface Model {
  /** Turns raw features into the network's inputs; the network has one input per encoder bit. */
  readonly encoder: Encoder;
  readonly layers: readonly ModelLayer[];
  /** Shape `[votes]`: global node ids that vote; the readout's vote `v` is node `votes[v]`. */
  readonly votes: Uint32Array;
  readonly readout: Readout;
  /** Divides the class counts before the softmax while training. */
  readonly temperature: number;
  readonly seed: number;
}

export type ModelLayer = DenseLayer | ConvLayer;

/** `gates` two-input gates; input `j` of gate `g` reads the candidate with the largest wire logit. */
export interface DenseLayer {
  readonly kind: "dense";
  readonly gates: number;
  /** Candidate fanins per gate input, C. */
  readonly candidates: number;
  /** Shape `[2, gates, C]`, row-major, global node ids. */
  readonly candidateIndex: Uint32Array;
  /** Shape `[2, gates, C]`. */
  readonly wireLogits: Float32Array;
  /** Shape `[gates, 16]`, by function number (compiler/ir/gate-functions.ts). */
  readonly gateLogits: Float32Array;
}

/** Index of the largest value in `[from, from + count)`, relative to `from`; the lowest index wins ties. */
export function largest(values: Float32Array, from: number, count: number): number {
  let best = 0;
  for (let i = 1; i < count; i++) if (values[from + i]! > values[from + best]!) best = i;
  return best;
}

/** Nodes that a layer adds: its gates, at every position if they are shared, and what pooling gives. */
export const layerNodes = (layer: ModelLayer): number =>
  layer.kind === "dense" ? layer.gates : convSizes(layer).nodes;

/** Global node id of the first node of every layer, and the number of nodes as the last entry. */
export function layerOffsets(model: Pick<Model, "encoder" | "layers">): number[] {
  const offsets = [model.encoder.bits.length];
  for (const layer of model.layers) offsets.push(offsets.at(-1)! + layerNodes(layer));
  return offsets;
}

/**
 * Gates with logits of their own (`shared`), and gates of the unrolled network, where a shared gate counts at each
 * of its positions (`unrolled`). Pooling is not trained and not counted.
 */
export function trainedGates(layers: readonly ModelLayer[]): { shared: number; unrolled: number } {
  let [shared, unrolled] = [0, 0];
  for (const layer of layers) {
    const { gates, positions } =
      layer.kind === "dense" ? { gates: layer.gates, positions: 1 } : convSizes(layer);
    shared += gates;
    unrolled += gates * positions;
  }
  return { shared, unrolled };
}

/** The layers of a model that has dense ones only. @param reader who can read no others, as in "the … engine". */
export function denseLayers({ layers }: Pick<Model, "layers">, reader: string): DenseLayer[] {
  return layers.map((layer) => {
    if (layer.kind === "dense") return layer;
    throw new UserError(
      "model/dense-only",
      `${reader}: expected a network of dense layers but found a convolutional one`,
      "leave network.conv out",
    );
  });
}
