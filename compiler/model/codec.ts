import { z } from "zod";
import { FileReader, readoutTensors } from "./metadata.js";
import type { Model, ModelLayer } from "./model.js";
import { decodeSafetensors, encodeSafetensors, type Tensor } from "./safetensors.js";

const FORMAT = "dbnc-model/1";

/** The model file (docs/formats/model.md). Same model, same bytes. */
export function encodeModel(model: Model): Uint8Array {
  const tensors: Record<string, Tensor> = { votes: { shape: [model.votes.length], data: model.votes } };
  model.layers.forEach(({ gates, candidates, candidateIndex, wireLogits, gateLogits }, l) => {
    tensors[`layers.${l}.candidate_index`] = { shape: [2, gates, candidates], data: candidateIndex };
    tensors[`layers.${l}.wire_logits`] = { shape: [2, gates, candidates], data: wireLogits };
    tensors[`layers.${l}.gate_logits`] = { shape: [gates, 16], data: gateLogits };
  });
  Object.assign(tensors, readoutTensors(model.readout));
  return encodeSafetensors(tensors, {
    format: JSON.stringify(FORMAT),
    encoder: JSON.stringify(model.encoder),
    classes: JSON.stringify(model.readout.classNames),
    layers: JSON.stringify(model.layers.map(({ kind, gates, candidates }) => ({ kind, gates, candidates }))),
    temperature: JSON.stringify(model.temperature),
    seed: JSON.stringify(model.seed),
  });
}

const LayersSchema = z
  .array(z.strictObject({ kind: z.literal("dense"), gates: z.int().min(1), candidates: z.int().min(1) }))
  .min(1);

/** @throws {UserError} naming `where`, unless the file holds a whole and consistent model. */
export function decodeModel(bytes: Uint8Array, where: string): Model {
  const reader = new FileReader(decodeSafetensors(bytes, where), where);
  reader.json("format", z.literal(FORMAT));
  const encoder = reader.encoder();
  let nodes = encoder.bits.length;
  const layers = reader.json("layers", LayersSchema).map((shape, l): ModelLayer => {
    const layer = readLayer(reader, shape, l, nodes);
    nodes += shape.gates;
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

function readLayer(
  reader: FileReader,
  shape: z.infer<typeof LayersSchema>[number],
  l: number,
  nodes: number,
): ModelLayer {
  const { gates, candidates } = shape;
  const candidateIndex = reader.tensor(`layers.${l}.candidate_index`, "U32", [2, gates, candidates]);
  reader.require(
    candidateIndex.every((node) => node < nodes),
    `layer ${l} to read nodes below ${nodes}`,
  );
  const wireLogits = reader.tensor(`layers.${l}.wire_logits`, "F32", [2, gates, candidates]);
  const gateLogits = reader.tensor(`layers.${l}.gate_logits`, "F32", [gates, 16]);
  reader.require(
    wireLogits.every(Number.isFinite) && gateLogits.every(Number.isFinite),
    `finite logits in layer ${l}`,
  );
  return { ...shape, candidateIndex, wireLogits, gateLogits };
}
