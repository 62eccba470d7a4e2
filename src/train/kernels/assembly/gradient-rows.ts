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
