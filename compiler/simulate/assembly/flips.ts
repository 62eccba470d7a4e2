/** Samples of a block: one bit of each in the 16 bytes of a node's values, a float of each in a gate's row. */
const BLOCK: u32 = 128;
const VALUES: u32 = BLOCK / 8;
const ROW: u32 = 4 * BLOCK;
/** Bytes of a gate: literals of its two fanins, and flags. */
const GATE: u32 = 12;
const XOR: u32 = 1;
/** By fanin, the second one's twice the first's: it is a gate, and none read it before (rows are filled downwards). */
const HAS_ROW: u32 = 2;
const FRESH: u32 = 8;
/** Some gate reads this one. */
const IS_READ: u32 = 32;

/** Samples of a word that are added one by one. */
const FEW = 5;

/** The row of the gate at hand: the gradient by it, then the weights of its flips. */
const row: u32 = <u32>memory.data(512, 16);

/** What `weighFlips` works on, as harm-kernel.ts lays it out; addresses, unless said. */
@unmanaged
class Job {
  /** Node of the first gate, and how many there are. */
  firstGate: u32;
  count: u32;
  gates: u32;
  /** Shape `[nodes, 4]`, u32; the inputs' are given. */
  values: u32;
  /** Shape `[gates, 128]`, f32. */
  rows: u32;
  /** Shape `[classes, 128]`, f32: the gradient by the scores. */
  byScore: u32;
  /** Shape `[gates + 1]`, and by vote: offset into `byScore`, and weight as f32. */
  voteStart: u32;
  votes: u32;
  /** Shape `[gates + 1]`, and by pair: the other node. */
  pairStart: u32;
  pairs: u32;
  /** By pair, and by gate; f64, added to. */
  pairSums: u32;
  sums: u32;
  /** Of each gate, which cone is its, counted from 1; 0 for none. */
  coneOf: u32;
  /** Shape `[cones, 6]`, node numbers; and shape `[cones, 64]`, f64, added to: by pattern of these nodes. */
  leaves: u32;
  patternSums: u32;
  /** What a flip weighs: the size of what arrives, half its square, or the first row of `byScore` whatever arrives. */
  weight: u32;
}

const SQUARED: u32 = 1;
const GIVEN: u32 = 2;

/**
 * Simulate a block of samples, carry a gradient by the scores back to every gate (the derivative of the gates' multilinear
 * extensions), and add up what flips weigh: of each gate, over the samples in which the nodes of each pair differ, and by
 * the patterns of the leaves of each cone.
 */
export function weighFlips(at: u32): void {
  const job = changetype<Job>(at);
  simulate(job);
  for (let g = job.count; g-- > 0; ) {
    if (job.weight === GIVEN) {
      memory.copy(row, job.byScore, ROW);
    } else {
      gather(job, g);
      passOn(job, g);
    }
    store<f64>(job.sums + 8 * g, load<f64>(job.sums + 8 * g) + weigh(job.weight === SQUARED));
    overPairs(job, g);
    const cone = load<u32>(job.coneOf + 4 * g);
    if (cone !== 0)
      overPatterns(job.values, job.leaves + 24 * (cone - 1), job.patternSums + 512 * (cone - 1));
  }
}

function simulate(job: Job): void {
  let to = job.values + job.firstGate * VALUES;
  const end = job.gates + job.count * GATE;
  for (let gate = job.gates; gate < end; gate += GATE, to += VALUES) {
    const a = literalValues(job.values, load<u32>(gate));
    const b = literalValues(job.values, load<u32>(gate, 4));
    v128.store(to, (load<u32>(gate, 8) & XOR) !== 0 ? v128.xor(a, b) : v128.and(a, b));
  }
}

function literalValues(values: u32, literal: u32): v128 {
  return v128.xor(v128.load(values + (literal >> 1) * VALUES), i32x4.splat(-(<i32>(literal & 1))));
}

/** The gradient by a gate: what its readers passed on, and what it votes. */
function gather(job: Job, g: u32): void {
  if ((load<u32>(job.gates + g * GATE, 8) & IS_READ) !== 0) memory.copy(row, job.rows + g * ROW, ROW);
  else memory.fill(row, 0, ROW);
  const end = job.votes + 8 * load<u32>(job.voteStart + 4 * g, 4);
  for (let vote = job.votes + 8 * load<u32>(job.voteStart + 4 * g); vote < end; vote += 8) {
    const by = job.byScore + load<u32>(vote);
    const weight = f32x4.splat(load<f32>(vote, 4));
    for (let i: u32 = 0; i < ROW; i += 16)
      v128.store(row + i, f32x4.add(v128.load(row + i), f32x4.mul(weight, v128.load(by + i))));
  }
}

function passOn(job: Job, g: u32): void {
  const gate = job.gates + g * GATE;
  const f0 = load<u32>(gate);
  const f1 = load<u32>(gate, 4);
  const flags = load<u32>(gate, 8);
  if ((flags & HAS_ROW) !== 0) passTo(job, f0, f1, flags);
  if ((flags & (2 * HAS_ROW)) !== 0) passTo(job, f1, f0, (flags & XOR) | ((flags >> 1) & FRESH));
}

/** Of the bits of four samples. */
function mask(word: v128, bit: v128): v128 {
  return i32x4.eq(v128.and(word, bit), bit);
}

/** An And passes on where the other fanin is 1, an Xor everywhere, with the sign of the other. */
function passTo(job: Job, fanin: u32, other: u32, flags: u32): void {
  const sign = i32x4.splat(0x80000000);
  const isXor = (flags & XOR) !== 0;
  const always = i32x4.splat(isXor ? -1 : 0);
  const turned = isXor ? sign : i32x4.splat(0);
  const turn = (fanin & 1) !== 0 ? sign : i32x4.splat(0);
  const values = job.values + (other >> 1) * VALUES;
  const flip = -(<i32>(other & 1));
  let to = job.rows + ((fanin >> 1) - job.firstGate) * ROW;
  let from = row;
  const fresh = (flags & FRESH) !== 0;
  for (let w: u32 = 0; w < VALUES; w += 4) {
    const word = i32x4.splat(<i32>load<u32>(values + w) ^ flip);
    let bit = i32x4(1, 2, 4, 8);
    for (let k = 0; k < 8; k++, from += 16, to += 16) {
      const ones = mask(word, bit);
      bit = i32x4.shl(bit, 4);
      const kept = v128.and(v128.load(from), v128.or(ones, always));
      const passed = v128.xor(kept, v128.xor(v128.and(ones, turned), turn));
      v128.store(to, fresh ? passed : f32x4.add(v128.load(to), passed));
    }
  }
}

/** Make weights of the gradient. @returns their sum. */
function weigh(squared: bool): f64 {
  let sum = f32x4.splat(0);
  for (let i: u32 = 0; i < ROW; i += 16) {
    const d = v128.load(row + i);
    const weight = squared ? f32x4.mul(f32x4.mul(d, d), f32x4.splat(0.5)) : f32x4.abs(d);
    v128.store(row + i, weight);
    sum = f32x4.add(sum, weight);
  }
  return total(sum);
}

function total(sum: v128): f64 {
  return (
    <f64>f32x4.extract_lane(sum, 0) +
    <f64>f32x4.extract_lane(sum, 1) +
    <f64>f32x4.extract_lane(sum, 2) +
    <f64>f32x4.extract_lane(sum, 3)
  );
}

function overPairs(job: Job, g: u32): void {
  const own = v128.load(job.values + (job.firstGate + g) * VALUES);
  const end = load<u32>(job.pairStart + 4 * g, 4);
  for (let pair = load<u32>(job.pairStart + 4 * g); pair < end; pair++) {
    const differ = v128.xor(own, v128.load(job.values + load<u32>(job.pairs + 4 * pair) * VALUES));
    if (!v128.any_true(differ)) continue;
    let sum = overWord(i32x4.extract_lane(differ, 0), row, f32x4.splat(0));
    sum = overWord(i32x4.extract_lane(differ, 1), row + 128, sum);
    sum = overWord(i32x4.extract_lane(differ, 2), row + 256, sum);
    sum = overWord(i32x4.extract_lane(differ, 3), row + 384, sum);
    const to = job.pairSums + 8 * pair;
    store<f64>(to, load<f64>(to) + total(sum));
  }
}

/** Add the weights of the samples whose bits are set. */
function overWord(word: i32, from: u32, sum: v128): v128 {
  if (popcnt(word) <= FEW) {
    for (; word !== 0; word &= word - 1) sum = f32x4.add(sum, v128.load32_zero(from + 4 * ctz(word)));
    return sum;
  }
  const bits = i32x4.splat(word);
  let bit = i32x4(1, 2, 4, 8);
  for (let k = 0; k < 8; k++, from += 16) {
    sum = f32x4.add(sum, v128.and(v128.load(from), mask(bits, bit)));
    bit = i32x4.shl(bit, 4);
  }
  return sum;
}

/** Add each sample's weight to the pattern that it gives six nodes. */
function overPatterns(values: u32, leaves: u32, sums: u32): void {
  let from = row;
  for (let w: u32 = 0; w < VALUES; w += 4) {
    let l0 = leafWord(values, leaves, w);
    let l1 = leafWord(values, leaves + 4, w);
    let l2 = leafWord(values, leaves + 8, w);
    let l3 = leafWord(values, leaves + 12, w);
    let l4 = leafWord(values, leaves + 16, w);
    let l5 = leafWord(values, leaves + 20, w);
    for (let s = 0; s < 32; s++, from += 4) {
      const low = (l0 & 1) | ((l1 & 1) << 1) | ((l2 & 1) << 2);
      const pattern = low | ((l3 & 1) << 3) | ((l4 & 1) << 4) | ((l5 & 1) << 5);
      const to = sums + 8 * pattern;
      store<f64>(to, load<f64>(to) + <f64>load<f32>(from));
      l0 >>= 1;
      l1 >>= 1;
      l2 >>= 1;
      l3 >>= 1;
      l4 >>= 1;
      l5 >>= 1;
    }
  }
}

function leafWord(values: u32, leaf: u32, w: u32): u32 {
  return load<u32>(values + load<u32>(leaf) * VALUES + w);
}
