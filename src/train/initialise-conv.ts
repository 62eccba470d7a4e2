import { UserError } from "../../base/errors.js";
import { Random } from "../../base/random.js";
import type { Encoder } from "../../compiler/ir/encoder.js";
import { type ConvLayer, convSizes, type MapShape, NO_NODE } from "../../compiler/model/conv.js";
import { balancedCandidates } from "./candidates.js";
import type { TrainingData } from "./training-data.js";

/** What a convolutional layer is asked to be; fewer candidates where the receptive field has fewer places. */
export type ConvOptions = Pick<ConvLayer, "kernels" | "depth" | "candidates" | "size" | "stride" | "pool">;

/** The function that gives its first input, and how far its logit is above the others at first (`initialiseConv`). */
const PASS = 3;
const RESIDUAL = 5;

/** A map of nodes: what a convolutional layer reads or gives. */
export interface NodeMap {
  readonly shape: MapShape;
  /** Shape `shape`: global node ids, or `NO_NODE`. */
  readonly nodes: Uint32Array;
}

/**
 * The encoder's bits as a map. A channel is one threshold of one channel of the image; a bit that the encoder dropped
 * leaves its place without a node, which reads false.
 */
export function inputMap({ bits }: Encoder, shape: readonly number[]): NodeMap {
  const [rows, columns] = [shape.at(-2)!, shape.at(-1)!];
  const area = rows * columns;
  const kinds = bits.map(({ feature, value }) => ({ channel: Math.floor(feature / area), value }));
  const keyOf = ({ channel, value }: (typeof kinds)[number]): string => `${channel} ${value}`;
  const distinct = [...new Map(kinds.map((kind) => [keyOf(kind), kind])).values()];
  distinct.sort((x, y) => x.channel - y.channel || x.value - y.value);
  const channelOf = new Map(distinct.map((kind, c) => [keyOf(kind), c]));
  const nodes = new Uint32Array(distinct.length * area).fill(NO_NODE);
  bits.forEach(({ feature }, bit) => {
    nodes[channelOf.get(keyOf(kinds[bit]!))! * area + (feature % area)] = bit;
  });
  return { shape: [distinct.length, rows, columns], nodes };
}

/**
 * Convolutional layers with random logits, the first on the image, each other on the map that the one before gives.
 * Gates begin by passing on their first input, so that what is deep below the readout is seen there (the paper's
 * residual initialisation).
 *
 * @returns the layers and the last one's map.
 * @throws {UserError} for data that are no images, or a receptive field that does not fit into its map.
 */
export function initialiseConv(
  data: TrainingData,
  options: readonly ConvOptions[],
  seed: number,
): { layers: ConvLayer[]; output: NodeMap } {
  if (data.shape === undefined || data.shape.length < 2) {
    throw new UserError(
      "train/conv-data",
      "network.conv: expected data that are images but found features without rows and columns",
      "leave network.conv out, or give IDX or CIFAR-10 files",
    );
  }
  let read = inputMap(data.encoder, data.shape);
  let begin = data.encoder.bits.length;
  const layers = planConv(read.shape, options).map((sizes, l): ConvLayer => {
    const layer = initialiseLayer(sizes, read.nodes, Random.forPurpose(seed, `conv ${l}`));
    const { output, outputBegin, nodes } = convSizes(layer);
    const first = begin + outputBegin;
    const size = output[0] * output[1] * output[2];
    read = { shape: output, nodes: Uint32Array.from({ length: size }, (_, i) => first + i) };
    begin += nodes;
    return layer;
  });
  return { layers, output: read };
}

/** Options of a layer, with as many candidates as there can be, and what it reads. */
export interface ConvPlan extends ConvOptions {
  readonly shape: MapShape;
}

/**
 * The layers' sizes, each reading what the one before gives.
 *
 * @param shape what the first one reads.
 * @throws {UserError} for a receptive field, or a pooling, that does not fit into its map.
 */
export function planConv(shape: MapShape, options: readonly ConvOptions[]): ConvPlan[] {
  let read = shape;
  return options.map((option, l) => {
    const candidates = Math.min(option.candidates, read[0] * option.size ** 2);
    const plan = { ...option, candidates, shape: read };
    const { positions, output } = convSizes(plan);
    if (positions === 0) {
      throw new UserError(
        "train/conv-size",
        `network.conv.${l}: expected a receptive field${option.pool ? " and pooling that fit" : " that fits"} into a map of ${read[1]} x ${read[2]} but found size ${option.size}`,
        "take a smaller size or stride, or leave the pooling out, here or in a layer before",
      );
    }
    read = output;
    return plan;
  });
}

function initialiseLayer(plan: ConvPlan, map: Uint32Array, random: Random): ConvLayer {
  const { kernels, depth, size, candidates, shape } = plan;
  const { gates } = convSizes(plan);
  const places = Uint32Array.from({ length: shape[0] * size * size }, (_, i) => i);
  const leaves = kernels * 2 ** (depth - 1);
  const candidateIndex = balancedCandidates(2 * leaves, candidates, places, random);
  const normals = (n: number, deviation: number): Float32Array =>
    Float32Array.from({ length: n }, () => deviation * random.normal());
  return {
    kind: "conv",
    ...plan,
    map,
    candidateIndex,
    wireLogits: normals(candidateIndex.length, 0.1),
    gateLogits: normals(16 * gates, 0.5).map((x, i) => (i % 16 === PASS ? x + RESIDUAL : x)),
  };
}
