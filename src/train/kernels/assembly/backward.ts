import { barrier, take } from "./barrier";
import { setFanins, setFunction } from "./decide";
import { softmax } from "./float";
import { gradientRow, linkReaders } from "./gradient-rows";
import { listShares, stepGate, stepInput, storeSlopes, wireShares } from "./logit-steps";
import {
  BITS,
  FANINS,
  LAYER_BYTES,
  LAYER_CANDIDATES,
  LAYER_FIRST,
  LAYER_GATE,
  LAYER_GATES,
  LAYER_POSITIONS,
  LAYER_RECORDS,
  LAYER_TABLE,
  LAYERS,
  RATES,
  SCRATCH,
  SCRATCH_BYTES,
  SLOPES,
  STRIDE,
  word,
} from "./plan";
import { addPlaneSums, PLANES_BYTES } from "./planes";
import { addPatternSums, largestMagnitude, quantise } from "./quantise";

/** Gates a work item. */
const CHUNK: u32 = 32;

// Scratch of a thread: the gate's sixteen shares and four sums; then planes and wire sums.
const PATTERN_SUMS: u32 = 64;
const PLANES: u32 = 80;

/**
 * Bytes that a thread needs: planes of two rows, whole-number sums of the candidates of a gate input, and for both inputs
 * of a gate the sums, shares and list of candidates.
 */
export function scratchBytes(stride: u32, candidates: u32): u32 {
  return PLANES + 2 * stride + 28 * candidates;
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
    const chunk: u32 = max(1, CHUNK / word(layer, LAYER_POSITIONS));
    for (let from = take(plan, chunk); from < gates; from = take(plan, chunk)) {
      const to = min(gates, from + chunk);
      for (let g = from; g < to; g++) backwardGate(plan, layer, g, scratch, rates);
    }
    barrier(plan);
  }
}

/** A gate with its own logits: the sums over all of its positions, then its step. */
function backwardGate(plan: u32, layer: u32, index: u32, scratch: u32, rates: u32): void {
  const positions = word(layer, LAYER_POSITIONS);
  const g = word(layer, LAYER_FIRST) + index * positions;
  const fixed = word(layer, LAYER_GATE) === 0;
  const slopes: u32 = word(plan, SLOPES) + (g << 4);
  const planeBytes: u32 = word(plan, STRIDE) << 1;
  const sums = scratch + PLANES + planeBytes;
  const length: u32 = word(layer, LAYER_CANDIDATES) << 2;
  const shares = sums + 3 * length;
  const other = word(layer, LAYER_GATES) + index;
  if (!fixed) {
    softmax(word(layer, LAYER_GATE) + (index << 6), 16, scratch);
    storeSlopes(scratch, slopes);
    memory.fill(scratch + PATTERN_SUMS, 0, 16);
    memory.fill(sums + length, 0, 2 * length);
    if (length > 0) {
      wireShares(layer, index, shares);
      wireShares(layer, other, shares + length);
    }
  }
  for (let p: u32 = 0; p < positions; p++) {
    const row = gradientRow(plan, g + p);
    if (fixed) continue;
    if (p > 0) memory.copy(slopes + (p << 4), slopes, 16);
    addPosition(plan, layer, index, p, row, scratch);
  }
  if (fixed) return;
  setFunction(plan, g, positions, stepGate(layer, index, scratch, scratch + PATTERN_SUMS, rates));
  if (length === 0) return;
  setFanins(plan, layer, index, 0, stepInput(layer, index, sums + length, shares, rates));
  setFanins(plan, layer, index, 1, stepInput(layer, other, sums + 2 * length, shares + length, rates));
}

/** Add up what one position says about a gate's logits. */
function addPosition(plan: u32, layer: u32, index: u32, p: u32, row: u32, scratch: u32): void {
  const positions = word(layer, LAYER_POSITIONS);
  const g = word(layer, LAYER_FIRST) + index * positions + p;
  const slopes: u32 = word(plan, SLOPES) + (g << 4);
  const bytes: u32 = word(plan, STRIDE) >> 3;
  const bits: u32 = word(plan, BITS);
  const fanins: u32 = word(plan, FANINS) + (g << 3);
  const a = bits + load<u32>(fanins) * bytes;
  const b = bits + load<u32>(fanins + 4) * bytes;
  const candidates = word(layer, LAYER_CANDIDATES);
  if (candidates === 0) {
    addPatternSums(row, a, b, bytes, scratch + PATTERN_SUMS);
    return;
  }
  const top = largestMagnitude(row, bytes << 5);
  if (top === 0) return;
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
  const sums = planesB + (bytes << 3);
  const length: u32 = candidates << 2;
  const table: u32 = word(layer, LAYER_TABLE) + (index * positions + p) * length;
  const other = table + word(layer, LAYER_GATES) * positions * length;
  addWireSums(plan, planesA, table, candidates, topA / 127, sums, sums + length);
  addWireSums(plan, planesB, other, candidates, topB / 127, sums, sums + 2 * length);
}

/**
 * Add the sums of a quantised gradient row over the ones of a gate input's candidates that have a share.
 *
 * @param scale worth of one unit of the planes.
 * @param whole scratch for whole-number sums.
 * @param sums those of this input, shares two such arrays behind them, the list two more.
 */
function addWireSums(
  plan: u32,
  planes: u32,
  table: u32,
  candidates: u32,
  scale: f32,
  whole: u32,
  sums: u32,
): void {
  const length: u32 = candidates << 2;
  const bytes: u32 = word(plan, STRIDE) >> 3;
  const bits: u32 = word(plan, BITS);
  const list = sums + 4 * length;
  const listEnd = listShares(sums + 2 * length, candidates, list);
  memory.fill(whole, 0, length);
  for (let block: u32 = 0; block < bytes; block += 16) {
    addPlaneSums(planes + (block >> 4) * PLANES_BYTES, bits + block, bytes, table, list, listEnd, whole);
  }
  const worth = f32x4.splat(scale);
  for (let i: u32 = 0; i < length; i += 16) {
    const s = f32x4.mul(f32x4.convert_i32x4_s(v128.load(whole + i)), worth);
    v128.store(sums + i, f32x4.add(v128.load(sums + i), s));
  }
}

/** What quantises to -127..127; 0 for a row of zeros. */
function reciprocal(top: f32): f32 {
  return top > 0 ? 127 / top : 0;
}
