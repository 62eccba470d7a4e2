import type { ConvLayer } from "./conv.js";
import type { DenseLayer, Model } from "./model.js";

/** Outputs of the sixteen functions for (a, b) = 00, 01, 10, 11, written out: on purpose not the table that `freeze` uses. */
const TRUTH = "0000 0001 0010 0011 0100 0101 0110 0111 1000 1001 1010 1011 1100 1101 1110 1111".split(" ");

/** What the model says a node is: its fanins (null is constant false) and its output for every pattern of them. */
export interface Specified {
  readonly fanins: readonly (number | null)[];
  /** Output for fanins 0…0, 0…1, and so on, the first fanin being the highest bit. */
  readonly truth: string;
}

const POOL_TRUTH = "0111111111111111";

/**
 * Every node after the inputs, in order, told from logits, candidates and maps alone: what `checkFreeze` holds a
 * design to. Shares no code with `stepsOf` and `freeze`.
 */
export function* specifiedNodes(model: Model): Generator<Specified> {
  let first = model.encoder.bits.length;
  for (const layer of model.layers) {
    for (const node of layer.kind === "dense" ? denseNodes(layer) : convNodes(layer, first)) {
      yield node;
      first++;
    }
  }
}

function* denseNodes(layer: DenseLayer): Generator<Specified> {
  for (let g = 0; g < layer.gates; g++) {
    yield { fanins: [chosen(layer, g), chosen(layer, layer.gates + g)], truth: truthOf(layer, g) };
  }
}

/** The candidate that one gate input chooses. */
function chosen({ candidates, candidateIndex, wireLogits }: DenseLayer | ConvLayer, row: number): number {
  const from = row * candidates;
  return candidateIndex[from + indexOfMaximum(wireLogits.subarray(from, from + candidates))]!;
}

const truthOf = ({ gateLogits }: DenseLayer | ConvLayer, g: number): string =>
  TRUTH[indexOfMaximum(gateLogits.subarray(16 * g, 16 * g + 16))]!;

function* convNodes(layer: ConvLayer, first: number): Generator<Specified> {
  const { kernels, depth } = layer;
  const [ys, xs] = [corners(layer, layer.shape[1]), corners(layer, layer.shape[2])];
  const area = ys.length * xs.length;
  const leaves = kernels << (depth - 1);
  for (let g = 0; g < leaves; g++) {
    const [a, b] = [chosen(layer, g), chosen(layer, leaves + g)];
    const truth = truthOf(layer, g);
    for (const y of ys)
      for (const x of xs) yield { fanins: [nodeAt(layer, a, y, x), nodeAt(layer, b, y, x)], truth };
  }
  let [gate, child] = [leaves, first];
  for (let count = leaves >> 1; count >= kernels; count >>= 1) {
    for (let g = 0; g < count; g++, gate++, child += 2 * area) {
      const truth = truthOf(layer, gate);
      for (let p = 0; p < area; p++) yield { fanins: [child + p, child + area + p], truth };
    }
  }
  if (!layer.pool) return;
  for (let k = 0; k < kernels; k++, child += area) yield* pooledNodes(child, ys.length, xs.length);
}

/** Where receptive fields begin; one that pooling would leave without a partner is dropped. */
function corners({ size, stride, pool }: ConvLayer, length: number): number[] {
  const all: number[] = [];
  for (let at = 0; at + size <= length; at += stride) all.push(at);
  return pool && all.length % 2 === 1 ? all.slice(0, -1) : all;
}

/** The node at a place of the receptive field whose corner is at (y, x). */
function nodeAt({ size, shape, map }: ConvLayer, place: number, y: number, x: number): number | null {
  const [, height, width] = shape;
  const column = place % size;
  const row = ((place - column) / size) % size;
  const channel = (place - column - size * row) / (size * size);
  const node = map[channel * height * width + (y + row) * width + x + column]!;
  return node === 0xffffffff ? null : node;
}

function* pooledNodes(from: number, rows: number, columns: number): Generator<Specified> {
  for (let y = 0; y < rows; y += 2) {
    for (let x = 0; x < columns; x += 2) {
      const at = from + y * columns + x;
      yield { fanins: [at, at + 1, at + columns, at + columns + 1], truth: POOL_TRUTH };
    }
  }
}

function indexOfMaximum(values: Float32Array): number {
  return values.indexOf(Math.max(...values));
}
