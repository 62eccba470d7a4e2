import { layerOffsets, type ModelLayer } from "../../../compiler/model/model.js";
import type { EngineInput } from "../engine.js";
import { voteTerms } from "../pass.js";
import { sampleRows } from "../training-data.js";
import { Arena, type Block } from "./arena.js";
import { type FieldName, kernelModule } from "./module.js";

/** Logits of candidates that are there only to fill up a row of four: never chosen, share 0. */
const NEVER = -1e30;
/** Steps that one call of the kernels does at most. */
export const MOST_STEPS = 64;

/** Arrays of a layer in the arena: logits and moments, rows of candidates padded to a multiple of four. */
export interface LayerBlocks {
  readonly padded: number;
  readonly wire: readonly [logits: Block<Float32Array>, first: Block<Float32Array>, second: Block<Float32Array>];
  readonly gate: readonly [logits: Block<Float32Array>, first: Block<Float32Array>, second: Block<Float32Array>];
  readonly table: Block<Uint32Array>;
}

/** Where everything is that the kernels read and write. */
export interface Plan {
  readonly arena: Arena;
  /** Address of the plan record. */
  readonly at: number;
  readonly layers: readonly LayerBlocks[];
  /** Shape `[MOST_STEPS, batch]`; rates `[MOST_STEPS, 3]`. */
  readonly chosen: Block<Uint32Array>;
  readonly labels: Block<Uint32Array>;
  readonly weights: Block<Float32Array>;
  readonly mapOf: Block<Uint32Array>;
  readonly rates: Block<Float32Array>;
  readonly losses: Block<Float32Array>;
  readonly shares: Block<Float32Array>;
  readonly right: Block<Uint32Array>;
}

type Writer = { -readonly [K in keyof Plan]: Plan[K] };

/**
 * Plan the arena for a training and fill in all that does not change.
 *
 * @throws {UserError} if it needs more memory than there is.
 */
export function makePlan(input: EngineInput, threads: number): Plan {
  const { field, base, scratchBytes } = kernelModule();
  const arena = new Arena(base);
  const record = arena.plan(Uint32Array, field("PLAN_BYTES") / 4);
  const fills: (() => void)[] = [];
  /** Plan an array, name it in the plan record, and fill it once there is memory. */
  const put = <T extends Block<{ set(values: ArrayLike<number>): void; readonly length: number }>>(
    name: FieldName,
    block: T,
    values?: () => ArrayLike<number>,
  ): T => {
    setField(name, block.at);
    if (values !== undefined) fills.push(() => block.view().set(values()));
    return block;
  };
  const setField = (name: FieldName, value: number): void => {
    fills.push(() => {
      record.view()[field(name) / 4] = value;
    });
  };
  const { model, batch, warp, data } = input;
  const offsets = layerOffsets(model);
  const inputs = offsets[0]!;
  const nodes = offsets.at(-1)!;
  const gates = nodes - inputs;
  const classes = model.readout.classNames.length;
  const stride = Math.ceil(batch / 128) * 128;
  const u32 = (length: number): Block<Uint32Array> => arena.plan(Uint32Array, length);
  const f32 = (length: number): Block<Float32Array> => arena.plan(Float32Array, length);
  const numbers: [FieldName, number][] = [
    ["THREADS", threads],
    ["BATCH", batch],
    ["STRIDE", stride],
    ["INPUTS", inputs],
    ["GATES", gates],
    ["LAYERS", model.layers.length],
    ["CLASSES", classes],
    ["ROW_WORDS", Math.ceil(inputs / 32)],
  ];
  for (const [name, value] of numbers) setField(name, value);
  fills.push(() => {
    new Float32Array(arena.memory.buffer, record.at + field("TEMPERATURE"), 1)[0] = model.temperature;
  });
  put("BITS", u32(nodes * (stride / 32)));
  put("FANINS", u32(2 * gates));
  put("READ", u32(2 * gates));
  put("FUNCTIONS", u32(gates));
  put("SLOPES", f32(4 * gates));
  put("ROW_OF", u32(gates));
  put("ROWS", f32(gates * stride));
  put("HEADS", u32(gates));
  put("NEXT", u32(2 * gates));
  const { start, vote, weight, offset } = model.readout;
  put("CLASS_START", u32(classes + 1), () => start);
  put("CLASS_NODE", u32(vote.length), () => vote.map((v) => model.votes[v]!));
  put("CLASS_WEIGHT", arena.plan(Int32Array, vote.length), () => weight);
  put("OFFSETS", arena.plan(Int32Array, classes), () => offset);
  const terms = voteTerms(model, nodes);
  const skipped = terms.start[inputs]!;
  put("VOTE_START", u32(gates + 1), () => terms.start.subarray(inputs).map((at) => at - skipped));
  put("VOTE_CLASS", u32(terms.cls.length), () => terms.cls.subarray(skipped));
  put("VOTE_WEIGHT", f32(terms.cls.length), () => terms.weight.subarray(skipped));
  put("SCORES", arena.plan(Int32Array, classes * stride));
  put("SCORE_ROWS", f32(classes * stride));
  const widest = Math.max(...model.layers.map(paddedCandidates));
  // For the backward pass, the vote counters (640 bytes), or a warped image.
  const scratch = Math.ceil(Math.max(640, warp?.pixels ?? 0, scratchBytes(stride, widest)) / 64) * 64;
  setField("SCRATCH_BYTES", scratch);
  put("SCRATCH", arena.plan(Uint8Array, threads * scratch));
  if (warp === null) {
    put("SAMPLES", u32(data.samples * Math.ceil(inputs / 32)), () => sampleRows(data));
  } else {
    setField("WARPED", 1);
    setField("PIXELS", warp.pixels);
    setField("PLANE", warp.plane);
    setField("COLUMNS", warp.columns);
    // Corners past the last image are read with weight 0.
    put("CODES", arena.plan(Uint8Array, warp.codes.length + warp.columns + 2), () => warp.codes);
    put("MAPS", u32(warp.maps.length), () => warp.maps);
    put("THRESHOLDS", u32(inputs), () => warp.thresholds);
    put("WARPED_ROWS", u32(stride * Math.ceil(inputs / 32)));
  }
  const samples = MOST_STEPS * batch;
  const records = put("LAYER_RECORDS", u32((model.layers.length * field("LAYER_BYTES")) / 4));
  const layers = model.layers.map((layer, l): LayerBlocks => {
    const padded = paddedCandidates(layer);
    const [rows, wires] = [2 * layer.gates, 2 * layer.gates * padded];
    const table = u32(wires);
    const wire = [f32(wires), f32(wires), f32(wires)] as const;
    const gate = [f32(16 * layer.gates), f32(16 * layer.gates), f32(16 * layer.gates)] as const;
    fills.push(() => {
      pad(layer.candidateIndex, layer.candidates, padded, rows, 0, table.view());
      const at = (l * field("LAYER_BYTES")) / 4;
      const set = (name: FieldName, value: number): void => {
        records.view()[at + field(name) / 4] = value;
      };
      set("LAYER_GATES", layer.gates);
      set("LAYER_FIRST", offsets[l]! - inputs);
      set("LAYER_CANDIDATES", padded);
      set("LAYER_TABLE", table.at);
      (["LAYER_WIRE", "LAYER_WIRE_FIRST", "LAYER_WIRE_SECOND"] as const).forEach((name, i) => {
        set(name, wire[i]!.at);
      });
      (["LAYER_GATE", "LAYER_GATE_FIRST", "LAYER_GATE_SECOND"] as const).forEach((name, i) => {
        set(name, gate[i]!.at);
      });
    });
    return { padded, wire, gate, table };
  });
  const plan: Writer = {
    arena,
    at: record.at,
    layers,
    chosen: put("CHOSEN", u32(samples)),
    labels: put("LABELS", u32(samples)),
    weights: put("SAMPLE_WEIGHTS", f32(samples)),
    mapOf: put("MAP_OF", u32(samples)),
    rates: put("RATES", f32(3 * MOST_STEPS)),
    losses: put("LOSSES", f32(samples)),
    shares: put("SHARES", f32(samples)),
    right: put("RIGHT", u32(samples)),
  };
  for (const fill of fills) fill();
  return plan;
}

export const paddedCandidates = ({ candidates }: Pick<ModelLayer, "candidates">): number =>
  Math.ceil(candidates / 4) * 4;

/** Rows of `count` values into rows of `padded`, filled up with `filler`. */
export function pad(
  values: ArrayLike<number>,
  count: number,
  padded: number,
  rows: number,
  filler: number,
  out: Uint32Array | Float32Array,
): void {
  out.fill(filler);
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < count; c++) out[r * padded + c] = values[r * count + c]!;
}

/** Rows of `padded` values back into rows of `count`. */
export function unpad(values: Float32Array, count: number, padded: number, out: Float32Array): void {
  for (let i = 0; i < out.length; i++) out[i] = values[Math.floor(i / count) * padded + (i % count)]!;
}

export { NEVER };
