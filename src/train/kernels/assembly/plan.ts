/**
 * What the kernels work on: byte offsets of the fields of two records that TypeScript writes into the arena
 * (src/train/kernels/arena.ts). Every field is a 32-bit word. They are exported, so that TypeScript asks the module
 * where a field is and the layout is written down once.
 *
 * `stride` is the batch rounded up to 128 samples; a *row* is `stride` floats or `stride / 8` bytes of bits.
 * *Gates* are numbered over all layers; gate `g` is node `inputs + g`.
 */

// The plan.
export const THREADS: i32 = 0;
export const BATCH: i32 = 4;
export const STRIDE: i32 = 8;
export const INPUTS: i32 = 12;
export const GATES: i32 = 16;
export const LAYERS: i32 = 20;
export const CLASSES: i32 = 24;
/** Array of layer records. */
export const LAYER_RECORDS: i32 = 28;
/** Bit rows of all nodes. */
export const BITS: i32 = 32;
/** Shape `[gates, 2]`, u32: the node that each gate input reads. */
export const FANINS: i32 = 36;
/** Shape `[gates, 2]`, u32: the same as of the last forward pass, which steps on the way back do not change. */
export const READ: i32 = 196;
/** Shape `[gates]`, u32: function numbers. */
export const FUNCTIONS: i32 = 40;
/** Shape `[gates, 4]`, f32: `t10 - t00, t11 - t01, t01 - t00, t11 - t10` of the relaxed gate. */
export const SLOPES: i32 = 44;
/** Shape `[gates]`, u32: address of the gate's gradient row. */
export const ROW_OF: i32 = 48;
/** Shape `[gates + 1, stride]`, f32: gradient rows of gates that need one of their own; the last stays zero. */
export const ROWS: i32 = 52;
/** Shape `[gates]`, u32: first reader of a gate's output, an edge `2 gate + input`, or -1. */
export const HEADS: i32 = 56;
/** Shape `[gates, 2]`, u32: next reader of the same output. */
export const NEXT: i32 = 60;
/** Shape `[classes + 1]`, u32, and `[terms]` u32 nodes and i32 weights: what each class counts. */
export const CLASS_START: i32 = 64;
export const CLASS_NODE: i32 = 68;
export const CLASS_WEIGHT: i32 = 72;
/** Shape `[gates + 1]`, u32, and `[terms]` u32 classes and f32 weights: what each gate votes for. */
export const VOTE_START: i32 = 76;
export const VOTE_CLASS: i32 = 80;
export const VOTE_WEIGHT: i32 = 84;
/** Shape `[classes]`, i32. */
export const OFFSETS: i32 = 88;
/** Shape `[classes, stride]`, i32. */
export const SCORES: i32 = 92;
/** Shape `[classes, stride]`, f32: gradient by the scores. */
export const SCORE_ROWS: i32 = 96;
/** Temperature, f32. */
export const TEMPERATURE: i32 = 100;
/** Shape `[samples, ROW_WORDS]`, u32: the encoder bits of every sample, bit `j` of word `w` is bit `32 w + j`. */
export const SAMPLES: i32 = 104;
export const ROW_WORDS: i32 = 108;
/** Shape `[steps, batch]`, u32 sample numbers; u32 labels; f32 sample weights. */
export const CHOSEN: i32 = 112;
export const LABELS: i32 = 116;
export const SAMPLE_WEIGHTS: i32 = 120;
/** Shape `[steps, 3]`, f32: `rate / (1 - β1^t)`, `1 / (1 - β2^t)`, `1 - rate * decay`. */
export const RATES: i32 = 124;
/** Shape `[steps, batch]`, f32: loss in nats, and the label's share of the softmax. */
export const LOSSES: i32 = 128;
export const SHARES: i32 = 132;
/** Shape `[steps, batch]`, u32: 1 where the highest score is the label's. */
export const RIGHT: i32 = 136;
/** Barrier: arrivals, generation, and the next work item. */
export const ARRIVED: i32 = 140;
export const GENERATION: i32 = 144;
export const NEXT_ITEM: i32 = 148;
/** Scratch of each thread, `SCRATCH_BYTES` apart. */
export const SCRATCH: i32 = 152;
export const SCRATCH_BYTES: i32 = 156;
/** Not 0 when batches are warped images (warp.ts), and what that needs. */
export const WARPED: i32 = 160;
/** Shape `[samples, pixels]`, u8: codes of every sample. */
export const CODES: i32 = 164;
export const PIXELS: i32 = 168;
/** Shape `[maps, PIXELS]`, u32: source of each pixel. */
export const MAPS: i32 = 172;
/** Shape `[steps, batch]`, u32: which map warps the sample. */
export const MAP_OF: i32 = 184;
/** Shape `[encoder bits]`, u32: pixel in the low 24 bits, threshold above. */
export const THRESHOLDS: i32 = 188;
/** Shape `[stride, ROW_WORDS]`, u32: encoder bits of the warped batch. */
export const WARPED_ROWS: i32 = 192;
export const PLAN_BYTES: i32 = 256;

// A layer record: gates that do not read each other. A gate has logits of its own and computes its function at each of
// the layer's positions (one, unless it is convolutional), at position `p` as gate `LAYER_FIRST + index * positions + p`.
export const LAYER_GATES: i32 = 0;
/** First gate. */
export const LAYER_FIRST: i32 = 4;
/**
 * Candidates per gate input, a multiple of four; those past the real ones have logits of -1e30. 0 where every gate input
 * has one: nothing is to be learned of the wires.
 */
export const LAYER_CANDIDATES: i32 = 8;
/** Shape `[2, gates, positions, candidates]` (1 where there are none to choose from), u32 nodes; one past the last gate is false. */
export const LAYER_TABLE: i32 = 12;
export const LAYER_POSITIONS: i32 = 40;
/**
 * Logits and Adam's two moments, f32, shapes `[2, gates, candidates]` and `[gates, 16]`; without gate logits (0), every
 * gate is an OR.
 */
export const LAYER_WIRE: i32 = 16;
export const LAYER_WIRE_FIRST: i32 = 20;
export const LAYER_WIRE_SECOND: i32 = 24;
export const LAYER_GATE: i32 = 28;
export const LAYER_GATE_FIRST: i32 = 32;
export const LAYER_GATE_SECOND: i32 = 36;
export const LAYER_BYTES: i32 = 64;

export function word(record: u32, field: i32): u32 {
  return load<u32>(record + field);
}
