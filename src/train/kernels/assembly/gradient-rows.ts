import {
  BITS,
  FANINS,
  GATES,
  HEADS,
  INPUTS,
  NEXT,
  READ,
  ROW_OF,
  ROWS,
  SCORE_ROWS,
  SLOPES,
  STRIDE,
  VOTE_CLASS,
  VOTE_START,
  VOTE_WEIGHT,
  word,
} from "./plan";
import { ones } from "./planes";

/** No reader. */
const NONE: u32 = 0xffff_ffff;

/** Which edges read every gate, ascending: a list threaded through the edges. */
export function linkReaders(plan: u32): void {
  const gates = word(plan, GATES);
  const inputs = word(plan, INPUTS);
  const heads: u32 = word(plan, HEADS);
  const next: u32 = word(plan, NEXT);
  const fanins: u32 = word(plan, FANINS);
  memory.copy(word(plan, READ), fanins, (<u32>gates) << 3);
  memory.fill(heads, 0xff, (<u32>gates) << 2);
  for (let edge: i32 = ((<i32>gates) << 1) - 1; edge >= 0; edge--) {
    const node = load<u32>(fanins + ((<u32>edge) << 2));
    if (node < inputs || node >= inputs + gates) continue;
    const head = heads + ((node - inputs) << 2);
    store<u32>(next + ((<u32>edge) << 2), load<u32>(head));
    store<u32>(head, edge);
  }
}

/** The gradient by a gate's output: a class's row where that is all, else its own row is added up. */
export function gradientRow(plan: u32, g: u32): u32 {
  const rowBytes: u32 = word(plan, STRIDE) << 2;
  const votes: u32 = word(plan, VOTE_START) + (g << 2);
  const from = load<u32>(votes);
  const to = load<u32>(votes + 4);
  const place: u32 = word(plan, ROW_OF) + (g << 2);
  let edge = load<u32>(word(plan, HEADS) + (g << 2));
  if (edge === NONE && to === from + 1 && load<f32>(word(plan, VOTE_WEIGHT) + (from << 2)) === 1) {
    const row = classRow(plan, from, rowBytes);
    store<u32>(place, <u32>row);
    return row;
  }
  const row: u32 = word(plan, ROWS) + g * rowBytes;
  let sum: u32 = word(plan, ROWS) + word(plan, GATES) * rowBytes;
  for (let t = from; t < to; t++, sum = row) addVote(plan, t, sum, row, rowBytes);
  const next: u32 = word(plan, NEXT);
  for (; edge !== NONE; sum = row) {
    const second = load<u32>(next + (edge << 2));
    addReaders(plan, edge, second, sum, row, rowBytes);
    edge = second === NONE ? NONE : load<u32>(next + (second << 2));
  }
  store<u32>(place, <u32>sum);
  return sum;
}

function classRow(plan: u32, term: u32, rowBytes: u32): u32 {
  return word(plan, SCORE_ROWS) + load<u32>(word(plan, VOTE_CLASS) + (term << 2)) * rowBytes;
}

/** `row = sum + weight * class row` of a vote. */
function addVote(plan: u32, term: u32, sum: u32, row: u32, rowBytes: u32): void {
  const weight = v128.load32_splat(word(plan, VOTE_WEIGHT) + (term << 2));
  const source = classRow(plan, term, rowBytes);
  for (let s: u32 = 0; s < rowBytes; s += 16) {
    v128.store(row + s, f32x4.add(v128.load(sum + s), f32x4.mul(weight, v128.load(source + s))));
  }
}

/**
 * `row = sum +` what two readers pass down, or one where `second` is none: a reader's own gradient times the slope that
 * the bit of its other input selects.
 */
function addReaders(plan: u32, first: u32, second: u32, sum: u32, row: u32, rowBytes: u32): void {
  const slopes1 = slopesOf(plan, first);
  const base1 = v128.load32_splat(slopes1);
  const change1 = v128.xor(base1, v128.load32_splat(slopes1 + 4));
  const source1 = rowOf(plan, first);
  const other1 = otherBits(plan, first, rowBytes);
  if (second === NONE) {
    for (let s: u32 = 0; s < rowBytes; s += 128) {
      let mask1 = i32x4.splat(load<i32>(other1 + (s >> 5)));
      for (let j: u32 = s; j < s + 128; j += 16) {
        const slope1 = v128.xor(base1, v128.and(change1, ones(mask1)));
        mask1 = i32x4.shr_u(mask1, 4);
        v128.store(row + j, f32x4.add(v128.load(sum + j), f32x4.mul(v128.load(source1 + j), slope1)));
      }
    }
    return;
  }
  const slopes2 = slopesOf(plan, second);
  const base2 = v128.load32_splat(slopes2);
  const change2 = v128.xor(base2, v128.load32_splat(slopes2 + 4));
  const source2 = rowOf(plan, second);
  const other2 = otherBits(plan, second, rowBytes);
  for (let s: u32 = 0; s < rowBytes; s += 128) {
    let mask1 = i32x4.splat(load<i32>(other1 + (s >> 5)));
    let mask2 = i32x4.splat(load<i32>(other2 + (s >> 5)));
    for (let j: u32 = s; j < s + 128; j += 16) {
      const slope1 = v128.xor(base1, v128.and(change1, ones(mask1)));
      const slope2 = v128.xor(base2, v128.and(change2, ones(mask2)));
      mask1 = i32x4.shr_u(mask1, 4);
      mask2 = i32x4.shr_u(mask2, 4);
      const x = f32x4.add(v128.load(sum + j), f32x4.mul(v128.load(source1 + j), slope1));
      v128.store(row + j, f32x4.add(x, f32x4.mul(v128.load(source2 + j), slope2)));
    }
  }
}

function slopesOf(plan: u32, edge: u32): u32 {
  return word(plan, SLOPES) + ((edge >> 1) << 4) + ((edge & 1) << 3);
}

function rowOf(plan: u32, edge: u32): u32 {
  return load<u32>(word(plan, ROW_OF) + ((edge >> 1) << 2));
}

/** Bits of the input that the edge's gate reads beside this one. */
function otherBits(plan: u32, edge: u32, rowBytes: u32): u32 {
  return word(plan, BITS) + load<u32>(word(plan, READ) + ((edge ^ 1) << 2)) * (rowBytes >> 5);
}
