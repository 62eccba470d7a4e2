/**
 * Rows of numbers as bit planes, and their sums over the ones of a bit row by population counts.
 *
 * A row is quantised to 8 bits, two's complement, relative to its largest possible magnitude. Planes of 128 samples
 * are eight pairs of 64-bit words, the sign plane first.
 */
export const PLANES_BYTES: u32 = 128;

/** Quantise sixteen numbers (scaled to -127..127) and store their bits at samples `16 i` of the planes. */
export function storePlanes(planes: u32, i: u32, n0: v128, n1: v128, n2: v128, n3: v128): void {
  let v = i8x16.narrow_i16x8_s(
    i16x8.narrow_i32x4_s(rounded(n0), rounded(n1)),
    i16x8.narrow_i32x4_s(rounded(n2), rounded(n3)),
  );
  const at = planes + (i << 1);
  for (let k: u32 = 0; k < PLANES_BYTES; k += 16) {
    store<u16>(at + k, <u16>i8x16.bitmask(v));
    v = i8x16.add(v, v);
  }
}

/** Lanes of ones where bits 0, 1, 2, 3 of the lanes of `mask` are 1. */
export function ones(mask: v128): v128 {
  const bit = i32x4(1, 2, 4, 8);
  return i32x4.eq(v128.and(mask, bit), bit);
}

/** Adding 1.5 * 2^23 rounds to the nearest whole number, in the low bits. */
function rounded(x: v128): v128 {
  return i32x4.sub(f32x4.add(x, f32x4.splat(12582912)), i32x4.splat(0x4b400000));
}

/**
 * `sums[c] += Σ planes over the ones of candidate c's bits`, 128 samples, for the candidates of a list.
 *
 * @param bits the bit rows, at the first of these samples; `bytes` from row to row.
 * @param table u32 rows of the candidates.
 * @param list u32, four times the candidates' numbers; `listEnd` is where it ends.
 * @param sums i32.
 */
export function addPlaneSums(
  planes: u32,
  bits: u32,
  bytes: u32,
  table: u32,
  list: u32,
  listEnd: u32,
  sums: u32,
): void {
  const p0 = load<u64>(planes);
  const q0 = load<u64>(planes, 8);
  const p1 = load<u64>(planes, 16);
  const q1 = load<u64>(planes, 24);
  const p2 = load<u64>(planes, 32);
  const q2 = load<u64>(planes, 40);
  const p3 = load<u64>(planes, 48);
  const q3 = load<u64>(planes, 56);
  const p4 = load<u64>(planes, 64);
  const q4 = load<u64>(planes, 72);
  const p5 = load<u64>(planes, 80);
  const q5 = load<u64>(planes, 88);
  const p6 = load<u64>(planes, 96);
  const q6 = load<u64>(planes, 104);
  const p7 = load<u64>(planes, 112);
  const q7 = load<u64>(planes, 120);
  for (let entry = list; entry < listEnd; entry += 4) {
    const c = load<u32>(entry);
    const at = bits + load<u32>(table + c) * bytes;
    const x = load<u64>(at);
    const y = load<u64>(at, 8);
    const high =
      ((popcnt(x & p3) + popcnt(y & q3)) << 4) +
      ((popcnt(x & p2) + popcnt(y & q2)) << 5) +
      ((popcnt(x & p1) + popcnt(y & q1)) << 6) -
      ((popcnt(x & p0) + popcnt(y & q0)) << 7);
    const low =
      popcnt(x & p7) +
      popcnt(y & q7) +
      ((popcnt(x & p6) + popcnt(y & q6)) << 1) +
      ((popcnt(x & p5) + popcnt(y & q5)) << 2) +
      ((popcnt(x & p4) + popcnt(y & q4)) << 3);
    store<i32>(sums + c, load<i32>(sums + c) + <i32>(high + low));
  }
}
