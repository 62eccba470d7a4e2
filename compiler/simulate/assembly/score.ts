/** Most planes of a score (scoring.ts sees to it), and two above them, which `addEight` reads and leaves 0. */
const MOST_PLANES: u32 = 32;
/** Bits of class indices. */
const MOST_INDEX_BITS: u32 = 16;
/** Bit planes of 128 samples, lowest first: a class's score, the best so far, and whose it is. */
const scores: u32 = <u32>memory.data(512, 16);
const best: u32 = <u32>memory.data(512, 16);
const index: u32 = <u32>memory.data(256, 16);

/**
 * The class with the highest score, the lowest among equals, of the 512 samples of a pass. Scores are bit planes:
 * votes are added by full adders, eight at a time.
 *
 * @param program the classes one after the other (scoring.ts): base and number of runs, then each run: lowest plane,
 * complement mask, number of eights, and eight slot addresses for each.
 * @param planes bits of the highest score.
 * @param out shape `[512]`, u16.
 */
export function score(program: u32, classes: u32, planes: u32, indexBits: u32, out: u32): void {
  for (let lane: u32 = 0; lane < 64; lane += 16, out += 256) {
    memory.fill(index, 0, 16 * MOST_INDEX_BITS);
    let at = addVotes(program, lane, planes);
    memory.copy(best, scores, 16 * MOST_PLANES);
    for (let c: u32 = 1; c < classes; c++) {
      at = addVotes(at, lane, planes);
      challenge(c, planes, indexBits);
    }
    writeClasses(indexBits, out);
  }
}

/**
 * The scores themselves, of the 512 samples of a pass.
 *
 * @param out shape `[4, classes, planes]`, a bit plane of 128 samples each.
 */
export function sums(program: u32, classes: u32, planes: u32, out: u32): void {
  for (let lane: u32 = 0; lane < 64; lane += 16) {
    let at = program;
    for (let c: u32 = 0; c < classes; c++, out += 16 * planes) {
      at = addVotes(at, lane, planes);
      memory.copy(out, scores, 16 * planes);
    }
  }
}

/** One class's score. @returns the end of its program. */
function addVotes(at: u32, lane: u32, planes: u32): u32 {
  const base = load<u32>(at);
  const runs = load<u32>(at, 4);
  at += 8;
  for (let p: u32 = 0; p < planes; p++) v128.store(scores + 16 * p, i32x4.splat(-((base >> p) & 1)));
  for (let run: u32 = 0; run < runs; run++) {
    const from = scores + 16 * load<u32>(at);
    const flip = v128.load32_splat(at + 4);
    const end = at + 12 + 32 * load<u32>(at, 8);
    for (at += 12; at < end; at += 32) addEight(at, lane, flip, from, scores + 16 * planes);
  }
  return at;
}

/** Add the eight slots that `at` lists to the planes from `plane` on. */
function addEight(at: u32, lane: u32, flip: v128, plane: u32, top: u32): void {
  let ones = v128.load(plane);
  let twos = v128.load(plane, 16);
  let fours = v128.load(plane, 32);
  let a = vote(at, lane, flip);
  let b = vote(at + 4, lane, flip);
  const two0 = majority(ones, a, b);
  ones = v128.xor(ones, v128.xor(a, b));
  a = vote(at + 8, lane, flip);
  b = vote(at + 12, lane, flip);
  const two1 = majority(ones, a, b);
  ones = v128.xor(ones, v128.xor(a, b));
  const four0 = majority(twos, two0, two1);
  twos = v128.xor(twos, v128.xor(two0, two1));
  a = vote(at + 16, lane, flip);
  b = vote(at + 20, lane, flip);
  const two2 = majority(ones, a, b);
  ones = v128.xor(ones, v128.xor(a, b));
  a = vote(at + 24, lane, flip);
  b = vote(at + 28, lane, flip);
  const two3 = majority(ones, a, b);
  ones = v128.xor(ones, v128.xor(a, b));
  const four1 = majority(twos, two2, two3);
  twos = v128.xor(twos, v128.xor(two2, two3));
  let carry = majority(fours, four0, four1);
  fours = v128.xor(fours, v128.xor(four0, four1));
  v128.store(plane, ones);
  v128.store(plane, twos, 16);
  v128.store(plane, fours, 32);
  for (let at = plane + 48; at < top; at += 16) {
    const bits = v128.load(at);
    v128.store(at, v128.xor(bits, carry));
    carry = v128.and(bits, carry);
  }
}

function vote(at: u32, lane: u32, flip: v128): v128 {
  return v128.xor(v128.load(load<u32>(at) + lane), flip);
}

/** Carry of a full adder: where `a` and `b` agree it is they, else it is `c`. */
function majority(c: v128, a: v128, b: v128): v128 {
  return v128.bitselect(c, a, v128.xor(a, b));
}

/** Class `c` takes the lead where its score is higher than the best so far. */
function challenge(c: u32, planes: u32, indexBits: u32): void {
  let higher = i32x4.splat(0);
  for (let at: u32 = 0; at < 16 * planes; at += 16) {
    const mine = v128.load(scores + at);
    // The highest plane in which they differ decides.
    higher = v128.bitselect(mine, higher, v128.xor(mine, v128.load(best + at)));
  }
  for (let at: u32 = 0; at < 16 * planes; at += 16) {
    v128.store(best + at, v128.bitselect(v128.load(scores + at), v128.load(best + at), higher));
  }
  for (let k: u32 = 0; k < indexBits; k++) {
    const at = index + 16 * k;
    v128.store(at, v128.bitselect(i32x4.splat(-((c >> k) & 1)), v128.load(at), higher));
  }
}

/** The class indices of 128 samples, from their bit planes. */
function writeClasses(indexBits: u32, out: u32): void {
  const bit = i16x8(1, 2, 4, 8, 16, 32, 64, 128);
  for (let eight: u32 = 0; eight < 16; eight++) {
    let classes = i32x4.splat(0);
    for (let k: u32 = 0; k < indexBits; k++) {
      const bits = i16x8.splat(load<u8>(index + 16 * k + eight));
      const ones = i16x8.eq(v128.and(bits, bit), bit);
      classes = v128.or(classes, v128.and(ones, i16x8.splat(<i16>((<u32>1) << k))));
    }
    v128.store(out + 16 * eight, classes);
  }
}
