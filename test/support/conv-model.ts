import { Random } from "../../base/random.js";
import { groupSumReadout } from "../../compiler/ir/readout.js";
import { type ConvLayer, convSizes, type MapShape, NO_NODE } from "../../compiler/model/conv.js";
import type { DenseLayer, Model, ModelLayer } from "../../compiler/model/model.js";
import { smallEncoder } from "./random-design.js";

/**
 * A model of two convolutional layers and two dense ones with random logits and wiring: every depth, stride 1 and 2, with
 * and without pooling, and a first map of which `holes` places have no node.
 */
export function convModel(seed: number, holes = 60): Model {
  const [channels, rows, columns] = [2, 9, 10];
  const inputs = channels * rows * columns - holes;
  const random = new Random(seed);
  const normals = (n: number): Float32Array => Float32Array.from({ length: n }, () => random.normal());
  let below = inputs;
  const conv = (
    shape: MapShape,
    map: Uint32Array,
    sizes: Pick<ConvLayer, "kernels" | "depth" | "size" | "stride" | "pool">,
  ): ConvLayer => {
    const candidates = 1 + random.below(4);
    const places = shape[0] * sizes.size ** 2;
    const wires = sizes.kernels * 2 ** sizes.depth * candidates;
    const layer: ConvLayer = {
      kind: "conv",
      ...sizes,
      candidates,
      shape,
      map,
      candidateIndex: Uint32Array.from({ length: wires }, () => random.below(places)),
      wireLogits: normals(wires),
      gateLogits: normals(16 * sizes.kernels * (2 ** sizes.depth - 1)),
    };
    below += convSizes(layer).nodes;
    return layer;
  };
  const nodesOf = (layer: ConvLayer): Uint32Array => {
    const { output, outputBegin, nodes } = convSizes(layer);
    return Uint32Array.from(
      { length: output[0] * output[1] * output[2] },
      (_, i) => below - nodes + outputBegin + i,
    );
  };
  const places = random.shuffle(
    Uint32Array.from({ length: channels * rows * columns }, (_, i) => (i < inputs ? i : NO_NODE)),
  );
  const bit = (k: number): boolean => ((seed >> k) & 1) === 1;
  const first = conv([channels, rows, columns], places, {
    kernels: 3,
    depth: 1 + (seed % 3),
    size: 2 + random.below(2),
    stride: bit(0) ? 2 : 1,
    pool: bit(1),
  });
  const { output } = convSizes(first);
  const size = Math.min(2, output[1], output[2]);
  const fits = Math.min(output[1], output[2]) > size;
  const second = conv(output, nodesOf(first), {
    kernels: 4,
    depth: 1 + ((seed >> 1) % 3),
    size,
    stride: 1,
    pool: fits && bit(2),
  });
  const dense = (gates: number, sources: Uint32Array): DenseLayer => {
    const index = Uint32Array.from({ length: 6 * gates }, () => sources[random.below(sources.length)]!);
    below += gates;
    return {
      kind: "dense",
      gates,
      candidates: 3,
      candidateIndex: index,
      wireLogits: normals(6 * gates),
      gateLogits: normals(16 * gates),
    };
  };
  const third = dense(10, Uint32Array.from([...nodesOf(first), ...nodesOf(second)].slice(-40)));
  const every = Uint32Array.from({ length: below }, (_, n) => n);
  const fourth = dense(6, every);
  return {
    encoder: smallEncoder(inputs),
    layers: [first, second, third, fourth],
    votes: Uint32Array.from({ length: 6 }, (_, v) => below - 6 + v),
    readout: groupSumReadout(["zero", "one"], 6),
    temperature: 3,
    seed,
  };
}

export interface Unrolled {
  /** Dense layers only. */
  readonly model: Model;
  /**
   * For every layer of the original: where its logits are found, `wire[i]` being the unrolled layer and the indices of all
   * copies of wire logit `i`, and likewise for gates.
   */
  readonly copies: readonly { readonly wire: Copies; readonly gate: Copies }[];
}
type Copies = readonly { readonly layer: number; readonly at: readonly number[] }[];

/** A logit that leaves no share to the others. */
const CERTAIN = 300;

/** The same network of dense layers: a gate a position, pooling as fixed OR gates, a first gate that is always false. */
export function unroll(model: Model): Unrolled {
  const inputs = model.encoder.bits.length;
  const layers: ModelLayer[] = [];
  let next = inputs;
  /** Where a node of the original went. */
  const moved = Array.from({ length: inputs }, (_, n) => n);
  const add = (a: number[][], b: number[][], wireLogits: number[][], gateLogits: number[][]): number => {
    const gates = a.length;
    const wires = (lists: number[][]): number[] => lists.flat();
    layers.push({
      kind: "dense",
      gates,
      candidates: a[0]!.length,
      candidateIndex: Uint32Array.from(wires([...a, ...b])),
      wireLogits: Float32Array.from(wires(wireLogits)),
      gateLogits: Float32Array.from(wires(gateLogits)),
    });
    next += gates;
    return next - gates;
  };
  const certain = (f: number): number[] => Array.from({ length: 16 }, (_, i) => (i === f ? CERTAIN : 0));
  const constant = add([[0]], [[0]], [[0], [0]], [certain(0)]);
  const slice = (values: Float32Array | Uint32Array, row: number, count: number): number[] =>
    Array.from(values.subarray(row * count, (row + 1) * count));
  const copies = model.layers.map((layer) => {
    const wire: { layer: number; at: number[] }[] = [];
    const gate: { layer: number; at: number[] }[] = [];
    const C = layer.candidates;
    if (layer.kind === "dense") {
      const rows = (which: number): number[][] =>
        Array.from({ length: layer.gates }, (_, g) =>
          slice(layer.candidateIndex, which * layer.gates + g, C).map((n) => moved[n]!),
        );
      const first = add(
        rows(0),
        rows(1),
        Array.from({ length: 2 * layer.gates }, (_, row) => slice(layer.wireLogits, row, C)),
        Array.from({ length: layer.gates }, (_, g) => slice(layer.gateLogits, g, 16)),
      );
      for (let g = 0; g < layer.gates; g++) moved.push(first + g);
      const l = layers.length - 1;
      for (let i = 0; i < layer.wireLogits.length; i++) wire.push({ layer: l, at: [i] });
      for (let i = 0; i < layer.gateLogits.length; i++) gate.push({ layer: l, at: [i] });
      return { wire, gate };
    }
    const { size, stride, shape, map, kernels, depth, pool } = layer;
    const corners: [number, number][] = [];
    const count = (length: number): number => {
      let n = 0;
      while (n * stride + size <= length) n++;
      return pool ? n - (n % 2) : n;
    };
    const [rows, columns] = [count(shape[1]), count(shape[2])];
    for (let y = 0; y < rows; y++) for (let x = 0; x < columns; x++) corners.push([y * stride, x * stride]);
    let gates = kernels * 2 ** (depth - 1);
    const node = (place: number, [y, x]: [number, number]): number => {
      const [ch, dy, dx] = [Math.floor(place / size ** 2), Math.floor(place / size) % size, place % size];
      const found = map[ch * shape[1] * shape[2] + (y + dy) * shape[2] + x + dx]!;
      return found === NO_NODE ? constant : moved[found]!;
    };
    const leaves = (which: number): number[][] =>
      Array.from({ length: gates }, (_, g) => slice(layer.candidateIndex, which * gates + g, C)).flatMap(
        (places) => corners.map((corner) => places.map((place) => node(place, corner))),
      );
    const repeated = (values: Float32Array, row: number, width: number): number[][] =>
      corners.map(() => slice(values, row, width));
    let below = add(
      leaves(0),
      leaves(1),
      Array.from({ length: 2 * gates }, (_, row) => repeated(layer.wireLogits, row, C)).flat(),
      Array.from({ length: gates }, (_, g) => repeated(layer.gateLogits, g, 16)).flat(),
    );
    const P = corners.length;
    const at = (row: number, width: number, i: number): number[] =>
      Array.from({ length: P }, (_, p) => (row * P + p) * width + i);
    for (let row = 0; row < 2 * gates; row++)
      for (let c = 0; c < C; c++) wire.push({ layer: layers.length - 1, at: at(row, C, c) });
    for (let done = 0; ; ) {
      for (let i = 0; i < gates * P; i++) moved.push(below + i);
      for (let g = 0; g < gates; g++)
        for (let f = 0; f < 16; f++) gate.push({ layer: layers.length - 1, at: at(g, 16, f) });
      done += gates;
      if (gates === kernels) break;
      gates /= 2;
      const child = (which: number): number[][] =>
        Array.from({ length: gates * P }, (_, i) => [below + (2 * Math.floor(i / P) + which) * P + (i % P)]);
      const logits = Array.from({ length: gates }, (_, g) => repeated(layer.gateLogits, done + g, 16)).flat();
      below = add(
        child(0),
        child(1),
        Array.from({ length: 2 * gates * P }, () => [0]),
        logits,
      );
    }
    if (!pool) return { wire, gate };
    const pairs: number[] = [];
    for (let k = 0; k < kernels; k++)
      for (let y = 0; y < rows; y += 2)
        for (let x = 0; x < columns; x += 2)
          pairs.push(below + (k * rows + y) * columns + x, below + (k * rows + y + 1) * columns + x);
    const or = (a: number[], b: number[]): number =>
      add(
        a.map((n) => [n]),
        b.map((n) => [n]),
        [...a, ...b].map(() => [0]),
        a.map(() => certain(7)),
      );
    const halves = or(
      pairs,
      pairs.map((n) => n + 1),
    );
    const even = Array.from({ length: pairs.length / 2 }, (_, i) => halves + 2 * i);
    const whole = or(
      even,
      even.map((n) => n + 1),
    );
    even.forEach((_, i) => {
      moved.push(whole + i);
    });
    return { wire, gate };
  });
  return { model: { ...model, layers, votes: model.votes.map((n) => moved[n]!) }, copies };
}
