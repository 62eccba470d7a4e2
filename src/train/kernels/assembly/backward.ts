import { barrier, take } from "./barrier";
import { adam4, largest, max4, softmax, sum4 } from "./float";
import {
  BITS,
  FANINS,
  FUNCTIONS,
  GATES,
  HEADS,
  INPUTS,
  LAYER_BYTES,
  LAYER_CANDIDATES,
  LAYER_FIRST,
  LAYER_FIXED,
  LAYER_GATE,
  LAYER_GATE_FIRST,
  LAYER_GATE_SECOND,
  LAYER_GATES,
  LAYER_RECORDS,
  LAYER_TABLE,
  LAYER_WIRE,
  LAYER_WIRE_FIRST,
  LAYER_WIRE_SECOND,
  LAYERS,
  NEXT,
  RATES,
  READ,
  ROW_OF,
  ROWS,
  SCORE_ROWS,
  SCRATCH,
  SCRATCH_BYTES,
  SLOPES,
  STRIDE,
  VOTE_CLASS,
  VOTE_START,
  VOTE_WEIGHT,
  word,
} from "./plan";
import { addPlaneSums, ones, PLANES_BYTES, storePlanes } from "./planes";

/** Gates a work item. */
const CHUNK: u32 = 32;
const NONE: u32 = 0xffff_ffff;

// Scratch of a thread: the gate's sixteen shares, four pattern sums, planes of two rows, sums and shares of candidates.
const PATTERN_SUMS: u32 = 64;
const PLANES: u32 = 80;

/** Bytes of scratch that a thread needs. */
export function scratchBytes(stride: u32, candidates: u32): u32 {
  return PLANES + 2 * stride + 8 * candidates;
}

/**
 * Straight-through gradients and Adam, from the last layer to the first; every gate's gradient is whole once its
 * readers are done, so its step is taken at once.
 *
 * @param step which row of rates.
 */
export function backward(plan: u32, thread: u32, step: u32): void {
  const scratch: u32 = word(plan, SCRATCH) + thread * word(plan, SCRATCH_BYTES);
  const rates: u32 = word(plan, RATES) + step * 12;
  if (thread === 0) linkReaders(plan);
  barrier(plan);
  for (let l: i32 = <i32>word(plan, LAYERS) - 1; l >= 0; l--) {
    const layer: u32 = word(plan, LAYER_RECORDS) + l * LAYER_BYTES;
    const gates = word(layer, LAYER_GATES);
    for (let from = take(plan, CHUNK); from < gates; from = take(plan, CHUNK)) {
      const to = min(gates, from + CHUNK);
      for (let g = from; g < to; g++) backwardGate(plan, layer, g, scratch, rates);
    }
    barrier(plan);
  }
}

/** Which edges read every gate, ascending: a list threaded through the edges. */
function linkReaders(plan: u32): void {
  const gates = word(plan, GATES);
  const inputs = word(plan, INPUTS);
  const heads: u32 = word(plan, HEADS);
  const next: u32 = word(plan, NEXT);
  const fanins: u32 = word(plan, FANINS);
  memory.copy(word(plan, READ), fanins, (<u32>gates) << 3);
  memory.fill(heads, 0xff, (<u32>gates) << 2);
  for (let edge: i32 = ((<i32>gates) << 1) - 1; edge >= 0; edge--) {
    const node = load<u32>(fanins + ((<u32>edge) << 2));
    if (node < inputs) continue;
    const head = heads + ((node - inputs) << 2);
    store<u32>(next + ((<u32>edge) << 2), load<u32>(head));
    store<u32>(head, edge);
  }
}

function backwardGate(plan: u32, layer: u32, index: u32, scratch: u32, rates: u32): void {
  const g = word(layer, LAYER_FIRST) + index;
  const row = gradientRow(plan, g);
  const slopes: u32 = word(plan, SLOPES) + (g << 4);
  softmax(word(layer, LAYER_GATE) + (index << 6), 16, scratch);
  storeSlopes(scratch, slopes);
  const bytes: u32 = word(plan, STRIDE) >> 3;
  const bits: u32 = word(plan, BITS);
  const fanins: u32 = word(plan, FANINS) + (g << 3);
  const a = bits + load<u32>(fanins) * bytes;
  const b = bits + load<u32>(fanins + 4) * bytes;
  if (word(layer, LAYER_FIXED) !== 0) {
    sumPatterns(row, a, b, bytes, scratch + PATTERN_SUMS);
    store<u32>(word(plan, FUNCTIONS) + (g << 2), stepGate(layer, index, scratch, rates));
    return;
  }
  const top = largestMagnitude(row, bytes << 5);
  const topA = max(abs(load<f32>(slopes)), abs(load<f32>(slopes, 4))) * top;
  const topB = max(abs(load<f32>(slopes, 8)), abs(load<f32>(slopes, 12))) * top;
  const planesA = scratch + PLANES;
  const planesB = planesA + (bytes << 3);
  quantise(
    row,
    a,
    b,
    bytes,
    slopes,
    reciprocal(topA),
    reciprocal(topB),
    planesA,
    planesB,
    scratch + PATTERN_SUMS,
  );
  const chosen = stepGate(layer, index, scratch, rates);
  store<u32>(word(plan, FUNCTIONS) + (g << 2), chosen);
  const sums = planesB + (bytes << 3);
  store<u32>(fanins, stepInput(plan, layer, index, planesA, topA / 127, sums, rates));
  store<u32>(
    fanins + 4,
    stepInput(plan, layer, word(layer, LAYER_GATES) + index, planesB, topB / 127, sums, rates),
  );
}

/** What quantises to -127..127; 0 for a row of zeros. */
function reciprocal(top: f32): f32 {
  return top > 0 ? 127 / top : 0;
}

/** The gradient by a gate's output: a class's row where that is all, else its own row is added up. */
function gradientRow(plan: u32, g: u32): u32 {
  const rowBytes: u32 = word(plan, STRIDE) << 2;
  const votes: u32 = word(plan, VOTE_START) + (g << 2);
  const from = load<u32>(votes);
  const to = load<u32>(votes + 4);
  const place: u32 = word(plan, ROW_OF) + (g << 2);
  const reader = load<u32>(word(plan, HEADS) + (g << 2));
  if (reader === NONE && to === from + 1 && load<f32>(word(plan, VOTE_WEIGHT) + (from << 2)) === 1) {
    const row = classRow(plan, from, rowBytes);
    store<u32>(place, <u32>row);
    return row;
  }
  const row: u32 = word(plan, ROWS) + g * rowBytes;
  store<u32>(place, <u32>row);
  memory.fill(row, 0, rowBytes);
  for (let t = from; t < to; t++) {
    const weight = v128.load32_splat(word(plan, VOTE_WEIGHT) + (t << 2));
    const source = classRow(plan, t, rowBytes);
    for (let s: u32 = 0; s < rowBytes; s += 16) {
      v128.store(row + s, f32x4.add(v128.load(row + s), f32x4.mul(weight, v128.load(source + s))));
    }
  }
  for (let edge = reader; edge !== NONE; edge = load<u32>(word(plan, NEXT) + (edge << 2))) {
    addReader(plan, edge, row, rowBytes);
  }
  return row;
}

function classRow(plan: u32, term: u32, rowBytes: u32): u32 {
  return word(plan, SCORE_ROWS) + load<u32>(word(plan, VOTE_CLASS) + (term << 2)) * rowBytes;
}

/** Add what one reader passes down: its own gradient times the slope that the bit of its other input selects. */
function addReader(plan: u32, edge: u32, row: u32, rowBytes: u32): void {
  const g = edge >> 1;
  const slopes: u32 = word(plan, SLOPES) + (g << 4) + ((edge & 1) << 3);
  const slope0 = v128.load32_splat(slopes);
  const slope1 = v128.load32_splat(slopes + 4);
  const source: u32 = load<u32>(word(plan, ROW_OF) + (g << 2));
  const other: u32 = word(plan, BITS) + load<u32>(word(plan, READ) + ((edge ^ 1) << 2)) * (rowBytes >> 5);
  for (let s: u32 = 0; s < rowBytes; s += 128) {
    let mask = i32x4.splat(load<i32>(other + (s >> 5)));
    for (let j: u32 = s; j < s + 128; j += 16) {
      const one = ones(mask);
      mask = i32x4.shr_u(mask, 4);
      const slope = v128.bitselect(slope1, slope0, one);
      v128.store(row + j, f32x4.add(v128.load(row + j), f32x4.mul(v128.load(source + j), slope)));
    }
  }
}

/** `t10 - t00, t11 - t01, t01 - t00, t11 - t10` of the gate whose function is drawn from these shares. */
function storeSlopes(shares: u32, slopes: u32): void {
  const p0 = v128.load(shares);
  const p4 = v128.load(shares, 16);
  const p8 = v128.load(shares, 32);
  const p12 = v128.load(shares, 48);
  const low = f32x4.add(f32x4.add(p0, p4), f32x4.add(p8, p12));
  const t00 = sum4(f32x4.add(p8, p12));
  const t01 = sum4(f32x4.add(p4, p12));
  const t10 = f32x4.extract_lane(low, 2) + f32x4.extract_lane(low, 3);
  const t11 = f32x4.extract_lane(low, 1) + f32x4.extract_lane(low, 3);
  store<f32>(slopes, t10 - t00);
  store<f32>(slopes, t11 - t01, 4);
  store<f32>(slopes, t01 - t00, 8);
  store<f32>(slopes, t11 - t10, 12);
}

function largestMagnitude(row: u32, rowBytes: u32): f32 {
  let top = f32x4.splat(0);
  for (let s: u32 = 0; s < rowBytes; s += 16) top = f32x4.max(top, f32x4.abs(v128.load(row + s)));
  return max4(top);
}

/** Sums of a gradient row over the four input patterns: four f32, for the inputs 00, 01, 10, 11. */
function sumPatterns(row: u32, a: u32, b: u32, bytes: u32, sums: u32): void {
  let all = f32x4.splat(0);
  let overA = all;
  let overB = all;
  let overBoth = all;
  for (let at: u32 = 0; at < bytes; at++) {
    let x = i32x4.splat(load<u8>(a + at));
    let y = i32x4.splat(load<u8>(b + at));
    const d0 = v128.load(row + (at << 5));
    const d1 = v128.load(row + (at << 5), 16);
    const x0 = ones(x);
    const y0 = ones(y);
    x = i32x4.shr_u(x, 4);
    y = i32x4.shr_u(y, 4);
    const x1 = ones(x);
    const y1 = ones(y);
    const dx0 = v128.and(d0, x0);
    const dx1 = v128.and(d1, x1);
    all = f32x4.add(all, f32x4.add(d0, d1));
    overA = f32x4.add(overA, f32x4.add(dx0, dx1));
    overB = f32x4.add(overB, f32x4.add(v128.and(d0, y0), v128.and(d1, y1)));
    overBoth = f32x4.add(overBoth, f32x4.add(v128.and(dx0, y0), v128.and(dx1, y1)));
  }
  storePatternSums(sums, sum4(all), sum4(overA), sum4(overB), sum4(overBoth));
}

function storePatternSums(sums: u32, all: f32, overA: f32, overB: f32, overBoth: f32): void {
  store<f32>(sums, all - overA - overB + overBoth);
  store<f32>(sums, overB - overBoth, 4);
  store<f32>(sums, overA - overBoth, 8);
  store<f32>(sums, overBoth, 12);
}

/**
 * The gradients by both inputs as bit planes, and the sums of the gradient by the output over the four input patterns.
 *
 * @param bytes of a bit row.
 * @param patternSums four f32, for the inputs 00, 01, 10, 11.
 */
function quantise(
  row: u32,
  a: u32,
  b: u32,
  bytes: u32,
  slopes: u32,
  scaleA: f32,
  scaleB: f32,
  planesA: u32,
  planesB: u32,
  patternSums: u32,
): void {
  const toA = f32x4.splat(scaleA);
  const toB = f32x4.splat(scaleB);
  const a0 = f32x4.mul(v128.load32_splat(slopes), toA);
  const a1 = f32x4.mul(v128.load32_splat(slopes + 4), toA);
  const b0 = f32x4.mul(v128.load32_splat(slopes + 8), toB);
  const b1 = f32x4.mul(v128.load32_splat(slopes + 12), toB);
  let all = f32x4.splat(0);
  let overA = all;
  let overB = all;
  let overBoth = all;
  for (let at: u32 = 0; at < bytes; at += 2) {
    const d = row + (at << 5);
    let x = i32x4.splat(load<u16>(a + at));
    let y = i32x4.splat(load<u16>(b + at));
    const d0 = v128.load(d);
    const d1 = v128.load(d, 16);
    const d2 = v128.load(d, 32);
    const d3 = v128.load(d, 48);
    const x0 = ones(x);
    const y0 = ones(y);
    x = i32x4.shr_u(x, 4);
    y = i32x4.shr_u(y, 4);
    const x1 = ones(x);
    const y1 = ones(y);
    x = i32x4.shr_u(x, 4);
    y = i32x4.shr_u(y, 4);
    const x2 = ones(x);
    const y2 = ones(y);
    x = i32x4.shr_u(x, 4);
    y = i32x4.shr_u(y, 4);
    const x3 = ones(x);
    const y3 = ones(y);
    all = f32x4.add(all, f32x4.add(f32x4.add(d0, d1), f32x4.add(d2, d3)));
    const dx0 = v128.and(d0, x0);
    const dx1 = v128.and(d1, x1);
    const dx2 = v128.and(d2, x2);
    const dx3 = v128.and(d3, x3);
    overA = f32x4.add(overA, f32x4.add(f32x4.add(dx0, dx1), f32x4.add(dx2, dx3)));
    overB = f32x4.add(
      overB,
      f32x4.add(f32x4.add(v128.and(d0, y0), v128.and(d1, y1)), f32x4.add(v128.and(d2, y2), v128.and(d3, y3))),
    );
    overBoth = f32x4.add(
      overBoth,
      f32x4.add(
        f32x4.add(v128.and(dx0, y0), v128.and(dx1, y1)),
        f32x4.add(v128.and(dx2, y2), v128.and(dx3, y3)),
      ),
    );
    const block = (at >> 4) * PLANES_BYTES;
    const i = (at & 15) >> 1;
    storePlanes(
      planesA + block,
      i,
      f32x4.mul(d0, v128.bitselect(a1, a0, y0)),
      f32x4.mul(d1, v128.bitselect(a1, a0, y1)),
      f32x4.mul(d2, v128.bitselect(a1, a0, y2)),
      f32x4.mul(d3, v128.bitselect(a1, a0, y3)),
    );
    storePlanes(
      planesB + block,
      i,
      f32x4.mul(d0, v128.bitselect(b1, b0, x0)),
      f32x4.mul(d1, v128.bitselect(b1, b0, x1)),
      f32x4.mul(d2, v128.bitselect(b1, b0, x2)),
      f32x4.mul(d3, v128.bitselect(b1, b0, x3)),
    );
  }
  storePatternSums(patternSums, sum4(all), sum4(overA), sum4(overB), sum4(overBoth));
}

/** Adam's step of a gate's sixteen logits. @returns the function with the largest. */
function stepGate(layer: u32, index: u32, shares: u32, rates: u32): u32 {
  const d00 = load<f32>(shares, PATTERN_SUMS);
  const d01 = load<f32>(shares, PATTERN_SUMS + 4);
  const d10 = load<f32>(shares, PATTERN_SUMS + 8);
  const d11 = load<f32>(shares, PATTERN_SUMS + 12);
  const low = f32x4(0, d11, d10, d10 + d11);
  const dp0 = low;
  const dp4 = f32x4.add(low, f32x4.splat(d01));
  const dp8 = f32x4.add(low, f32x4.splat(d00));
  const dp12 = f32x4.add(low, f32x4.splat(d00 + d01));
  const p0 = v128.load(shares);
  const p4 = v128.load(shares, 16);
  const p8 = v128.load(shares, 32);
  const p12 = v128.load(shares, 48);
  const mean = f32x4.splat(
    sum4(
      f32x4.add(
        f32x4.add(f32x4.mul(p0, dp0), f32x4.mul(p4, dp4)),
        f32x4.add(f32x4.mul(p8, dp8), f32x4.mul(p12, dp12)),
      ),
    ),
  );
  const at: u32 = index << 6;
  const logits: u32 = word(layer, LAYER_GATE) + at;
  const first: u32 = word(layer, LAYER_GATE_FIRST) + at;
  const second: u32 = word(layer, LAYER_GATE_SECOND) + at;
  adam4(logits, first, second, f32x4.mul(p0, f32x4.sub(dp0, mean)), rates);
  adam4(logits + 16, first + 16, second + 16, f32x4.mul(p4, f32x4.sub(dp4, mean)), rates);
  adam4(logits + 32, first + 32, second + 32, f32x4.mul(p8, f32x4.sub(dp8, mean)), rates);
  adam4(logits + 48, first + 48, second + 48, f32x4.mul(p12, f32x4.sub(dp12, mean)), rates);
  return largest(logits, 16);
}

/**
 * Adam's step of one gate input's wire logits.
 *
 * @param row which row of the candidate table.
 * @param scale worth of one unit of the planes.
 * @param sums scratch for the candidates.
 * @returns the node with the largest logit.
 */
function stepInput(plan: u32, layer: u32, row: u32, planes: u32, scale: f32, sums: u32, rates: u32): u32 {
  const candidates = word(layer, LAYER_CANDIDATES);
  const length: u32 = candidates << 2;
  const at: u32 = row * length;
  const table: u32 = word(layer, LAYER_TABLE) + at;
  const bytes: u32 = word(plan, STRIDE) >> 3;
  const bits: u32 = word(plan, BITS);
  memory.fill(sums, 0, length);
  for (let block: u32 = 0; block < bytes; block += 16) {
    addPlaneSums(planes + (block >> 4) * PLANES_BYTES, bits + block, bytes, table, candidates, sums);
  }
  const logits: u32 = word(layer, LAYER_WIRE) + at;
  const first: u32 = word(layer, LAYER_WIRE_FIRST) + at;
  const second: u32 = word(layer, LAYER_WIRE_SECOND) + at;
  const shares = sums + length;
  softmax(logits, candidates, shares);
  const worth = f32x4.splat(scale);
  let product = f32x4.splat(0);
  for (let i: u32 = 0; i < length; i += 16) {
    const s = f32x4.mul(f32x4.convert_i32x4_s(v128.load(sums + i)), worth);
    v128.store(sums + i, s);
    product = f32x4.add(product, f32x4.mul(s, v128.load(shares + i)));
  }
  const mean = f32x4.splat(sum4(product));
  for (let i: u32 = 0; i < length; i += 16) {
    const gradient = f32x4.mul(v128.load(shares + i), f32x4.sub(v128.load(sums + i), mean));
    adam4(logits + i, first + i, second + i, gradient, rates);
  }
  return load<u32>(table + (largest(logits, candidates) << 2));
}

/** Read off what every gate reads and computes. */
export function decide(plan: u32): void {
  const layers = word(plan, LAYERS);
  for (let l: u32 = 0; l < layers; l++) {
    const layer: u32 = word(plan, LAYER_RECORDS) + l * LAYER_BYTES;
    const gates = word(layer, LAYER_GATES);
    const candidates = word(layer, LAYER_CANDIDATES);
    for (let index: u32 = 0; index < gates; index++) {
      const g = word(layer, LAYER_FIRST) + index;
      store<u32>(word(plan, FUNCTIONS) + (g << 2), largest(word(layer, LAYER_GATE) + (index << 6), 16));
      for (let which: u32 = 0; which < 2; which++) {
        const at: u32 = (which * gates + index) * (candidates << 2);
        const chosen = largest(word(layer, LAYER_WIRE) + at, candidates);
        const node = load<u32>(word(layer, LAYER_TABLE) + at + (chosen << 2));
        store<u32>(word(plan, FANINS) + ((2 * g + which) << 2), node);
      }
    }
  }
}
