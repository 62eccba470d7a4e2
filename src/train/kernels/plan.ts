import type { Model } from "../../../compiler/model/model.js";
import type { EngineInput } from "../engine.js";
import { voteTerms } from "../pass.js";
import { sampleRows } from "../training-data.js";
import type { Warp } from "../warp.js";
import type { Block } from "./arena.js";
import { type KernelLayer, type KernelNetwork, kernelNetwork } from "./layers.js";
import { kernelModule } from "./module.js";
import { PlanRecord } from "./record.js";

/** Steps that one call of the kernels does at most. */
export const MOST_STEPS = 64;

/** Logits and Adam's two moments. */
export type Parameters = readonly [
  logits: Block<Float32Array>,
  first: Block<Float32Array>,
  second: Block<Float32Array>,
];

/** Arrays of a layer in the arena; rows of candidates are padded to a multiple of four. */
export interface LayerBlocks {
  readonly padded: number;
  readonly wire: Parameters;
  readonly gate: Parameters;
}

/** What changes with every call, shape `[MOST_STEPS, batch]`, but for the rates, `[MOST_STEPS, 3]`. */
interface StepBlocks {
  readonly chosen: Block<Uint32Array>;
  readonly labels: Block<Uint32Array>;
  readonly weights: Block<Float32Array>;
  readonly mapOf: Block<Uint32Array>;
  readonly rates: Block<Float32Array>;
  readonly losses: Block<Float32Array>;
  readonly shares: Block<Float32Array>;
  readonly right: Block<Uint32Array>;
}

/** Where everything is that the kernels read and write. */
export interface Plan extends StepBlocks {
  readonly memory: WebAssembly.Memory;
  /** Address of the plan record. */
  readonly at: number;
  readonly layers: readonly LayerBlocks[];
  /** What the gates of each of the kernels' layers can read. */
  readonly tables: readonly TableBlock[];
}

/** Rows of candidates, padded. */
interface TableBlock {
  readonly count: number;
  readonly padded: number;
  readonly nodes: Block<Uint32Array>;
}

/**
 * Plan the arena for a training and fill in all that does not change.
 *
 * @throws {UserError} if it needs more memory than there is.
 */
export function makePlan({ model, batch, warp, data }: EngineInput, threads: number): Plan {
  const record = new PlanRecord();
  const network = kernelNetwork(model);
  const stride = Math.ceil(batch / 128) * 128;
  record.set("THREADS", threads);
  record.set("BATCH", batch);
  record.set("STRIDE", stride);
  planNodes(record, network, stride);
  planVotes(record, model, network, stride);
  planScratch(record, network, stride, threads);
  record.set("ROW_WORDS", Math.ceil(data.bits.length / 32));
  if (warp === null)
    record.u32("SAMPLES", data.samples * Math.ceil(data.bits.length / 32), () => sampleRows(data));
  else planWarp(record, warp, data.bits.length, stride);
  const tables = network.layers.map((layer) => planTable(record, layer));
  const layers = planLayers(record, model, network, tables);
  const steps = planSteps(record, MOST_STEPS * batch);
  return { memory: record.finish(), at: record.at, layers, tables, ...steps };
}

function planTable(record: PlanRecord, layer: KernelLayer): TableBlock {
  const [count, padded] = [Math.max(1, layer.candidates), Math.max(1, paddedCandidates(layer))];
  return { count, padded, nodes: record.arena.plan(Uint32Array, (layer.table.length / count) * padded) };
}

/** Take over what the gates of a network can read. */
export function loadTables(model: Model, tables: readonly TableBlock[]): void {
  kernelNetwork(model).layers.forEach(({ table }, l) => {
    const { count, padded, nodes } = tables[l]!;
    padRows(table, count, padded, 0, nodes.view());
  });
}

/** What every node, gate and edge of the network has. */
function planNodes(record: PlanRecord, { inputs, gates }: KernelNetwork, stride: number): void {
  record.set("INPUTS", inputs);
  record.set("GATES", gates);
  // One node more stays false, one row more zero.
  record.u32("BITS", (inputs + gates + 1) * (stride / 32));
  record.u32("FANINS", 2 * gates);
  record.u32("READ", 2 * gates);
  record.u32("FUNCTIONS", gates);
  record.f32("SLOPES", 4 * gates);
  record.u32("ROW_OF", gates);
  record.f32("ROWS", (gates + 1) * stride);
  record.u32("HEADS", gates);
  record.u32("NEXT", 2 * gates);
}

/** The readout, by class and by gate; votes of inputs pass no gradient on. */
function planVotes(record: PlanRecord, model: Model, { inputs, gates }: KernelNetwork, stride: number): void {
  const { classNames, start, vote, weight, offset } = model.readout;
  const classes = classNames.length;
  record.set("CLASSES", classes);
  record.u32("CLASS_START", classes + 1, () => start);
  record.u32("CLASS_NODE", vote.length, () => vote.map((v) => model.votes[v]!));
  record.i32("CLASS_WEIGHT", vote.length, () => weight);
  record.i32("OFFSETS", classes, () => offset);
  record.i32("SCORES", classes * stride);
  record.f32("SCORE_ROWS", classes * stride);
  record.float("TEMPERATURE", model.temperature);
  const terms = voteTerms(model, inputs + gates);
  const skipped = terms.start[inputs]!;
  record.u32("VOTE_START", gates + 1, () => terms.start.subarray(inputs).map((at) => at - skipped));
  record.u32("VOTE_CLASS", terms.cls.length, () => terms.cls.subarray(skipped));
  record.f32("VOTE_WEIGHT", terms.cls.length, () => terms.weight.subarray(skipped));
}

/** Scratch of every thread: for the backward pass, or the vote counters (640 bytes). */
function planScratch(record: PlanRecord, { layers }: KernelNetwork, stride: number, threads: number): void {
  const backward = kernelModule().scratchBytes(stride, Math.max(...layers.map(paddedCandidates)));
  const bytes = Math.ceil(Math.max(640, backward) / 64) * 64;
  record.set("SCRATCH_BYTES", bytes);
  record.u8("SCRATCH", threads * bytes);
}

function planWarp(record: PlanRecord, warp: Warp, inputs: number, stride: number): void {
  record.set("WARPED", 1);
  record.set("PIXELS", warp.pixels);
  record.u8("CODES", warp.codes.length, () => warp.codes);
  record.u32("MAPS", warp.maps.length, () => warp.maps);
  record.u32("THRESHOLDS", inputs, () => warp.thresholds);
  record.u32("WARPED_ROWS", stride * Math.ceil(inputs / 32));
}

/** Parameters of the model's layers, and records of the kernels' layers. */
function planLayers(
  record: PlanRecord,
  model: Model,
  { layers }: KernelNetwork,
  tables: readonly TableBlock[],
): LayerBlocks[] {
  const blocks = model.layers.map((layer): LayerBlocks => {
    const padded = paddedCandidates(layer);
    const parameters = (length: number): Parameters => [
      record.arena.plan(Float32Array, length),
      record.arena.plan(Float32Array, length),
      record.arena.plan(Float32Array, length),
    ];
    const wires = (layer.wireLogits.length / layer.candidates) * padded;
    return { padded, wire: parameters(wires), gate: parameters(layer.gateLogits.length) };
  });
  const { field } = kernelModule();
  const words = field("LAYER_BYTES") / 4;
  record.set("LAYERS", layers.length);
  const records = record.u32("LAYER_RECORDS", layers.length * words);
  layers.forEach((layer, l) => {
    const values = { ...planLayer(layer, tables[l]!), ...parametersOf(layer, blocks) };
    record.later(() => {
      const view = records.view();
      for (const [name, value] of Object.entries(values)) view[l * words + field(name) / 4] = value;
    });
  });
  return blocks;
}

/** Fields of a layer's record, but for its parameters. */
const planLayer = (layer: KernelLayer, { nodes }: TableBlock): Record<string, number> => ({
  LAYER_GATES: layer.gates,
  LAYER_POSITIONS: layer.positions,
  LAYER_FIRST: layer.first,
  LAYER_CANDIDATES: paddedCandidates(layer),
  LAYER_TABLE: nodes.at,
});

/** Addresses of a layer's logits and moments. */
function parametersOf({ logits }: KernelLayer, blocks: readonly LayerBlocks[]): Record<string, number> {
  if (logits === null) return {};
  const { wire, gate } = blocks[logits.layer]!;
  const row = 64 * logits.row;
  return {
    LAYER_WIRE: wire[0].at,
    LAYER_WIRE_FIRST: wire[1].at,
    LAYER_WIRE_SECOND: wire[2].at,
    LAYER_GATE: gate[0].at + row,
    LAYER_GATE_FIRST: gate[1].at + row,
    LAYER_GATE_SECOND: gate[2].at + row,
  };
}

function planSteps(record: PlanRecord, samples: number): StepBlocks {
  return {
    chosen: record.u32("CHOSEN", samples),
    labels: record.u32("LABELS", samples),
    weights: record.f32("SAMPLE_WEIGHTS", samples),
    mapOf: record.u32("MAP_OF", samples),
    rates: record.f32("RATES", 3 * MOST_STEPS),
    losses: record.f32("LOSSES", samples),
    shares: record.f32("SHARES", samples),
    right: record.u32("RIGHT", samples),
  };
}

const paddedCandidates = ({ candidates }: { readonly candidates: number }): number =>
  Math.ceil(candidates / 4) * 4;

/** Rows of `count` values into rows of `padded`, filled up with `filler`. */
export function padRows(
  values: ArrayLike<number>,
  count: number,
  padded: number,
  filler: number,
  out: Uint32Array | Float32Array,
): void {
  out.fill(filler);
  for (let i = 0; i < values.length; i++) out[Math.floor(i / count) * padded + (i % count)] = values[i]!;
}

/** Rows of `padded` values back into rows of `count`. */
export function unpadRows(values: Float32Array, count: number, padded: number, out: Float32Array): void {
  for (let i = 0; i < out.length; i++) out[i] = values[Math.floor(i / count) * padded + (i % count)]!;
}
