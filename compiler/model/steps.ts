import { type ConvLayer, convSizes, NO_NODE } from "./conv.js";
import { layerOffsets, type Model, type ModelLayer } from "./model.js";

/** What is computed one after the other: a level of gates, or a pooling. */
export type Step = GateStep | PoolStep;

/**
 * Gates that do not read each other, each at `positions` positions: a dense layer (one position) or one level of a
 * convolutional layer's trees. Gate `g` at position `p` is node `first + g * positions + p`.
 */
export interface GateStep {
  readonly kind: "gates";
  /** Index of the layer, whose logits these are. */
  readonly layer: number;
  readonly gates: number;
  readonly positions: number;
  readonly first: number;
  /** Row of gate 0 in the layer's gate logits. */
  readonly firstRow: number;
  /** Whether wires choose by the layer's wire logits; otherwise there is one candidate. */
  readonly learned: boolean;
  readonly candidates: number;
  /** Shape `[2, gates, candidates]`: where in `map` a candidate is at the first position. */
  readonly index: Uint32Array;
  /** Shape `[positions]`: how far in `map` a position is from the first one. */
  readonly place: Uint32Array;
  /** Nodes; candidate `c` of input row `r` at position `p` is node `map[index[r * candidates + c] + place[p]]`. */
  readonly map: Uint32Array;
}

/** Node `first + o` is the OR of nodes `fanins[4 o .. 4 o + 3]`. */
export interface PoolStep {
  readonly kind: "pool";
  readonly layer: number;
  readonly first: number;
  readonly outputs: number;
  readonly fanins: Uint32Array;
}

/** Steps in order, and the number of nodes; node number `nodes` is one more that is always false. */
export interface Steps {
  readonly steps: readonly Step[];
  readonly nodes: number;
}

/** The steps of a network. Positions and fanins do not depend on the logits. */
export function stepsOf(model: Pick<Model, "encoder" | "layers">): Steps {
  const offsets = layerOffsets(model);
  const nodes = offsets.at(-1)!;
  const every = Uint32Array.from({ length: nodes }, (_, n) => n);
  const steps = model.layers.flatMap((layer, l) =>
    layer.kind === "dense"
      ? [denseStep(layer, l, offsets[l]!, every)]
      : convSteps(layer, l, offsets[l]!, every),
  );
  return { steps, nodes };
}

function denseStep(
  layer: Extract<ModelLayer, { kind: "dense" }>,
  l: number,
  first: number,
  every: Uint32Array,
): GateStep {
  const { gates, candidates, candidateIndex: index } = layer;
  const place = new Uint32Array(1);
  return {
    kind: "gates",
    layer: l,
    gates,
    positions: 1,
    first,
    firstRow: 0,
    learned: true,
    candidates,
    index,
    place,
    map: every,
  };
}

function convSteps(layer: ConvLayer, l: number, first: number, every: Uint32Array): Step[] {
  const { kernels, depth } = layer;
  const { gates, positions, columns, rows } = convSizes(layer);
  const rowOf = (level: number): number => kernels * (2 ** depth - 2 ** (depth - level));
  const nodeOf = (level: number): number => first + rowOf(level) * positions;
  const steps: Step[] = [leafStep(layer, l, first, every.length)];
  for (let level = 1; level < depth; level++) {
    const count = kernels * 2 ** (depth - 1 - level);
    // Both inputs of gate 0, of gate 1, …, are the gates of the level below in order.
    const below = (row: number): number => 2 * (row % count) + Math.floor(row / count);
    steps.push({
      kind: "gates",
      layer: l,
      gates: count,
      positions,
      first: nodeOf(level),
      firstRow: rowOf(level),
      learned: false,
      candidates: 1,
      index: Uint32Array.from({ length: 2 * count }, (_, row) => nodeOf(level - 1) + below(row) * positions),
      place: Uint32Array.from({ length: positions }, (_, p) => p),
      map: every,
    });
  }
  if (layer.pool)
    steps.push(poolStep(l, first + gates * positions, nodeOf(depth - 1), kernels * rows, columns));
  return steps;
}

/** Level 0 of the trees, which reads the layer's map. */
function leafStep(layer: ConvLayer, l: number, first: number, constant: number): GateStep {
  const { candidates, size, stride, shape, candidateIndex } = layer;
  const { rows, columns, positions } = convSizes(layer);
  const place = Uint32Array.from(
    { length: positions },
    (_, p) => stride * (Math.floor(p / columns) * shape[2] + (p % columns)),
  );
  const index = candidateIndex.map((at) => {
    const [channel, row, column] = [Math.floor(at / size ** 2), Math.floor(at / size) % size, at % size];
    return (channel * shape[1] + row) * shape[2] + column;
  });
  const map = layer.map.map((node) => (node === NO_NODE ? constant : node));
  const gates = candidateIndex.length / candidates / 2;
  return {
    kind: "gates",
    layer: l,
    gates,
    positions: rows * columns,
    first,
    firstRow: 0,
    learned: true,
    candidates,
    index,
    place,
    map,
  };
}

/** OR over 2 x 2 places of maps whose `rows` rows, those of all channels, follow each other from node `read`. */
function poolStep(l: number, first: number, read: number, rows: number, columns: number): PoolStep {
  const outputs = (rows * columns) / 4;
  const fanins = new Uint32Array(4 * outputs);
  for (let o = 0; o < outputs; o++) {
    const corner = read + 2 * Math.floor(o / (columns / 2)) * columns + 2 * (o % (columns / 2));
    fanins.set([corner, corner + 1, corner + columns, corner + columns + 1], 4 * o);
  }
  return { kind: "pool", layer: l, first, outputs, fanins };
}
