import type { ConvLayer } from "../../compiler/model/conv.js";
import type { DenseLayer, Model, ModelLayer } from "../../compiler/model/model.js";

/** What a node after the inputs is once the logits have decided. */
export type Decided = DecidedGate | DecidedPool;

/** Reads two nodes; -1 is constant false. */
export interface DecidedGate {
  readonly kind: "gate";
  readonly a: number;
  readonly b: number;
  /** Output for 00, 01, 10, 11, as masks of a word. */
  readonly masks: readonly number[];
}

/** The OR of the nodes `at`, `at + 1` and those `columns` further on. */
export interface DecidedPool {
  readonly kind: "pool";
  readonly at: number;
  readonly columns: number;
}

/** Every node after the inputs, in order; part of the trainer's own evaluator (`predictHard`). */
export function decide(model: Model): Decided[] {
  const nodes: Decided[] = [];
  for (const layer of model.layers) {
    const first = model.encoder.bits.length + nodes.length;
    for (const node of layer.kind === "dense" ? decideDense(layer) : decideConv(layer, first))
      nodes.push(node);
  }
  return nodes;
}

function strongest(logits: Float32Array, row: number, count: number): number {
  const values = logits.subarray(row * count, (row + 1) * count);
  return values.indexOf(values.reduce((top, x) => Math.max(top, x), Number.NEGATIVE_INFINITY));
}

const candidateOf = ({ candidates, candidateIndex, wireLogits }: ModelLayer, row: number): number =>
  candidateIndex[row * candidates + strongest(wireLogits, row, candidates)]!;

function masksOf({ gateLogits }: ModelLayer, g: number): number[] {
  const truth = strongest(gateLogits, g, 16).toString(2).padStart(4, "0");
  return [...truth].map((bit) => (bit === "1" ? -1 : 0));
}

function decideDense(layer: DenseLayer): Decided[] {
  return Array.from({ length: layer.gates }, (_, g) => ({
    kind: "gate",
    a: candidateOf(layer, g),
    b: candidateOf(layer, layer.gates + g),
    masks: masksOf(layer, g),
  }));
}

/** Every gate of the trees at every position of the image, then the pooling. */
function decideConv(layer: ConvLayer, first: number): Decided[] {
  const leaves = layer.candidateIndex.length / layer.candidates / 2;
  const gates = 2 * leaves - layer.kernels;
  const [rows, columns] = [positionsAlong(layer, layer.shape[1]), positionsAlong(layer, layer.shape[2])];
  const inner =
    (gate: number): Read =>
    (y, x) =>
      first + (gate * rows + y) * columns + x;
  const nodes: Decided[] = [];
  for (let g = 0; g < gates; g++) {
    const masks = masksOf(layer, g);
    // The gates above the leaves take those below two by two, in order, until one a kernel is left.
    const below = 2 * (g - leaves);
    const [a, b] =
      g < leaves
        ? [leaf(layer, candidateOf(layer, g)), leaf(layer, candidateOf(layer, leaves + g))]
        : [inner(below), inner(below + 1)];
    for (let y = 0; y < rows; y++)
      for (let x = 0; x < columns; x++) nodes.push({ kind: "gate", a: a(y, x), b: b(y, x), masks });
  }
  if (!layer.pool) return nodes;
  for (let g = gates - layer.kernels; g < gates; g++)
    for (let y = 0; y < rows; y += 2)
      for (let x = 0; x < columns; x += 2) nodes.push({ kind: "pool", at: inner(g)(y, x), columns });
  return nodes;
}

/** The node that a gate reads at a row and column of positions. */
type Read = (y: number, x: number) => number;

function positionsAlong({ size, stride, pool }: ConvLayer, length: number): number {
  const fitting = (length - size + stride) / stride;
  return pool ? 2 * Math.floor(fitting / 2) : Math.floor(fitting);
}

function leaf({ size, stride, shape, map }: ConvLayer, place: number): Read {
  const [channel, inField] = [Math.floor(place / (size * size)), place % (size * size)];
  const [dy, dx] = [Math.floor(inField / size), inField % size];
  return (y, x) => {
    const node = map[(channel * shape[1] + y * stride + dy) * shape[2] + x * stride + dx]!;
    return node === 2 ** 32 - 1 ? -1 : node;
  };
}
