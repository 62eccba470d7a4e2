import { barrier, take } from "./barrier";
import {
  BITS,
  CLASS_NODE,
  CLASS_START,
  CLASS_WEIGHT,
  CLASSES,
  FANINS,
  FUNCTIONS,
  INPUTS,
  LAYER_BYTES,
  LAYER_FIRST,
  LAYER_GATES,
  LAYER_POSITIONS,
  LAYER_RECORDS,
  LAYERS,
  OFFSETS,
  SCORES,
  SCRATCH,
  SCRATCH_BYTES,
  STRIDE,
  word,
} from "./plan";

/** Gates a work item. */
const CHUNK: u32 = 128;
/** Bits of the counters of `countVotes`: up to 2^20 votes a class. */
const COUNTER: i32 = 20;

/** All layers on bits, layer by layer. */
export function forward(plan: u32): void {
  const layers = word(plan, LAYERS);
  for (let l: u32 = 0; l < layers; l++) {
    const layer: u32 = word(plan, LAYER_RECORDS) + l * LAYER_BYTES;
    const gates = word(layer, LAYER_GATES) * word(layer, LAYER_POSITIONS);
    const first = word(layer, LAYER_FIRST);
    for (let from = take(plan, CHUNK); from < gates; from = take(plan, CHUNK)) {
      forwardGates(plan, first + from, first + min(gates, from + CHUNK));
    }
    barrier(plan);
  }
}

function forwardGates(plan: u32, from: u32, to: u32): void {
  const bytes: u32 = word(plan, STRIDE) >> 3;
  const bits: u32 = word(plan, BITS);
  const inputs = word(plan, INPUTS);
  for (let g = from; g < to; g++) {
    const fanins: u32 = word(plan, FANINS) + (g << 3);
    const a = bits + load<u32>(fanins) * bytes;
    const b = bits + load<u32>(fanins + 4) * bytes;
    const out = bits + (inputs + g) * bytes;
    const f = load<u32>(word(plan, FUNCTIONS) + (g << 2));
    const m00 = i32x4.splat(-(<i32>((f >> 3) & 1)));
    const m01 = i32x4.splat(-(<i32>((f >> 2) & 1)));
    const m10 = i32x4.splat(-(<i32>((f >> 1) & 1)));
    const m11 = i32x4.splat(-(<i32>(f & 1)));
    for (let w: u32 = 0; w < bytes; w += 16) {
      const x = v128.load(a + w);
      const y = v128.load(b + w);
      v128.store(out + w, v128.bitselect(v128.bitselect(m11, m10, y), v128.bitselect(m01, m00, y), x));
    }
  }
}

/** Class scores of the batch: votes are added up in bit-sliced counters, 128 samples at a time. */
export function countVotes(plan: u32, thread: u32): void {
  const classes = word(plan, CLASSES);
  const stride = word(plan, STRIDE);
  const counters: u32 = word(plan, SCRATCH) + thread * word(plan, SCRATCH_BYTES);
  for (let c = take(plan, 1); c < classes; c = take(plan, 1)) {
    const scores: u32 = word(plan, SCORES) + ((c * stride) << 2);
    const offset = load<i32>(word(plan, OFFSETS) + (c << 2));
    for (let s: u32 = 0; s < stride; s += 128) {
      memory.fill(counters, 0, 2 * COUNTER * 16);
      addVotes(plan, c, s >> 3, counters);
      for (let i: u32 = 0; i < 128; i++) {
        const count = counted(counters, i) - counted(counters + COUNTER * 16, i);
        store<i32>(scores + ((s + i) << 2), offset + count);
      }
    }
  }
  barrier(plan);
}

/** Positive weights go to the first counter, negative ones to the second. */
function addVotes(plan: u32, cls: u32, at: u32, counters: u32): void {
  const bytes: u32 = word(plan, STRIDE) >> 3;
  const bits: u32 = word(plan, BITS) + at;
  const starts: u32 = word(plan, CLASS_START) + (cls << 2);
  const to = load<u32>(starts + 4);
  for (let t = load<u32>(starts); t < to; t++) {
    const node = load<u32>(word(plan, CLASS_NODE) + (t << 2));
    const weight = load<i32>(word(plan, CLASS_WEIGHT) + (t << 2));
    const counter = weight < 0 ? counters + COUNTER * 16 : counters;
    const row = v128.load(bits + node * bytes);
    for (let k = 0, left = weight < 0 ? -weight : weight; left > 0; k++, left >>= 1) {
      if (left & 1) add(counter, k, row);
    }
  }
}

/** Add `2^k` where `row` is 1. */
function add(counter: u32, k: i32, row: v128): void {
  let carry = row;
  for (let at = counter + ((<u32>k) << 4); v128.any_true(carry); at += 16) {
    const digit = v128.load(at);
    v128.store(at, v128.xor(digit, carry));
    carry = v128.and(digit, carry);
  }
}

function counted(counter: u32, sample: u32): i32 {
  const at = counter + (sample >> 3);
  let count = 0;
  for (let k = 0; k < COUNTER; k++) count |= ((load<u8>(at + ((<u32>k) << 4)) >> (sample & 7)) & 1) << k;
  return count;
}
