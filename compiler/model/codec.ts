import { z } from "zod";
import { type ConvLayer, convSizes, NO_NODE } from "./conv.js";
import { FileReader, readoutTensors } from "./metadata.js";
import { type DenseLayer, layerNodes, type Model, type ModelLayer } from "./model.js";
import { decodeSafetensors, encodeSafetensors, type Tensor } from "./safetensors.js";

/** What is written. Version 1 had dense layers only and is otherwise the same. */
const FORMAT = "dbnc-model/2";
const READABLE = z.enum(["dbnc-model/1", FORMAT]);

/** The model file (docs/formats/model.md). Same model, same bytes. */
export function encodeModel(model: Model): Uint8Array {
  const tensors: Record<string, Tensor> = { votes: { shape: [model.votes.length], data: model.votes } };
  model.layers.forEach((layer, l) => {
    const name = `layers.${l}.`;
    const wires = [2, layer.candidateIndex.length / layer.candidates / 2, layer.candidates];
    if (layer.kind === "conv") tensors[`${name}map`] = { shape: layer.shape, data: layer.map };
    tensors[`${name}candidate_index`] = { shape: wires, data: layer.candidateIndex };
    tensors[`${name}wire_logits`] = { shape: wires, data: layer.wireLogits };
    tensors[`${name}gate_logits`] = { shape: [layer.gateLogits.length / 16, 16], data: layer.gateLogits };
  });
  Object.assign(tensors, readoutTensors(model.readout));
  return encodeSafetensors(tensors, {
    format: JSON.stringify(FORMAT),
    encoder: JSON.stringify(model.encoder),
    classes: JSON.stringify(model.readout.classNames),
    layers: JSON.stringify(model.layers.map(sizesOf)),
    temperature: JSON.stringify(model.temperature),
    seed: JSON.stringify(model.seed),
  });
}

const size = z.int().min(1);
const DenseSizes = z.strictObject({ kind: z.literal("dense"), gates: size, candidates: size });
const ConvSizes = z.strictObject({
  kind: z.literal("conv"),
  kernels: size,
  depth: size.max(3),
  candidates: size,
  size,
  stride: size,
  pool: z.boolean(),
  shape: z.tuple([size, size, size]),
});
const LayersSchema = z.array(z.discriminatedUnion("kind", [DenseSizes, ConvSizes])).min(1);
type LayerSizes = z.infer<typeof LayersSchema>[number];

/** What the metadata says of a layer: all but its tensors. */
function sizesOf(layer: ModelLayer): LayerSizes {
  const { kind, candidates } = layer;
  if (kind === "dense") return { kind, gates: layer.gates, candidates };
  const { kernels, depth, size, stride, pool, shape } = layer;
  return { kind, kernels, depth, candidates, size, stride, pool, shape: [...shape] };
}

/** @throws {UserError} naming `where`, unless the file holds a whole and consistent model. */
export function decodeModel(bytes: Uint8Array, where: string): Model {
  const reader = new FileReader(decodeSafetensors(bytes, where), where);
  reader.json("format", READABLE);
  const encoder = reader.encoder();
  let nodes = encoder.bits.length;
  const layers = reader.json("layers", LayersSchema).map((sizes, l): ModelLayer => {
    const layer =
      sizes.kind === "dense" ? readDense(reader, sizes, l, nodes) : readConv(reader, sizes, l, nodes);
    nodes += layerNodes(layer);
    return layer;
  });
  const votes = reader.tensor("votes", "U32", [null]);
  reader.require(
    votes.every((node) => node < nodes),
    `votes below ${nodes}`,
  );
  return {
    encoder,
    layers,
    votes,
    readout: reader.readout(votes.length),
    temperature: reader.json("temperature", z.number().gt(0)),
    seed: reader.json("seed", z.int().min(0)),
  };
}

function readDense(
  reader: FileReader,
  sizes: z.infer<typeof DenseSizes>,
  l: number,
  nodes: number,
): DenseLayer {
  const logits = readLogits(reader, l, sizes.gates, sizes.candidates, sizes.gates);
  reader.require(
    logits.candidateIndex.every((node) => node < nodes),
    `layer ${l} to read nodes below ${nodes}`,
  );
  return { ...sizes, ...logits };
}

function readConv(reader: FileReader, sizes: z.infer<typeof ConvSizes>, l: number, nodes: number): ConvLayer {
  const { gates, positions } = convSizes(sizes);
  reader.require(positions > 0, `the receptive field and pooling of layer ${l} to fit into its map`);
  const map = reader.tensor(`layers.${l}.map`, "U32", sizes.shape);
  reader.require(
    map.every((node) => node < nodes || node === NO_NODE),
    `the map of layer ${l} to hold nodes below ${nodes}`,
  );
  const logits = readLogits(reader, l, sizes.kernels * 2 ** (sizes.depth - 1), sizes.candidates, gates);
  const places = sizes.shape[0] * sizes.size ** 2;
  reader.require(
    logits.candidateIndex.every((place) => place < places),
    `candidates of layer ${l} to be places below ${places}`,
  );
  return { ...sizes, map, ...logits };
}

type Logits = Pick<ModelLayer, "candidateIndex" | "wireLogits" | "gateLogits">;

/** @param choosers gates whose inputs choose among candidates. */
function readLogits(
  reader: FileReader,
  l: number,
  choosers: number,
  candidates: number,
  gates: number,
): Logits {
  const candidateIndex = reader.tensor(`layers.${l}.candidate_index`, "U32", [2, choosers, candidates]);
  const wireLogits = reader.tensor(`layers.${l}.wire_logits`, "F32", [2, choosers, candidates]);
  const gateLogits = reader.tensor(`layers.${l}.gate_logits`, "F32", [gates, 16]);
  reader.require(
    wireLogits.every(Number.isFinite) && gateLogits.every(Number.isFinite),
    `finite logits in layer ${l}`,
  );
  return { candidateIndex, wireLogits, gateLogits };
}
