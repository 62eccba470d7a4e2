/** Bytes of a test: where its feature's codes are, the value that they are compared with, where its bits go. */
const TEST: u32 = 12;
/**
 * Bytes of a tile: column of its first feature, and how many tests are `code >= value` and
 * how many `code == value`.
 */
const TILE: u32 = 12;
/** Scratch of 16 features by 16 samples. */
const columns: u32 = <u32>memory.data(256, 16);

/**
 * Encoder bits of samples whose codes are bytes: tiles of 16 features by 16 samples are transposed, and each test then
 * makes 16 bits at once.
 *
 * @param codes shape `[16 * groups, features]`, u8, row-major, with 16 bytes after the last that may be read.
 * @param tiles groups of tests; the tests themselves follow each other in `tests`, feature `f` of a tile as `16 * f`.
 */
export function packBytes(codes: u32, features: u32, groups: u32, tiles: u32, count: u32, tests: u32): void {
  for (let tile = tiles; tile < tiles + count * TILE; tile += TILE) {
    const least = tests + load<u32>(tile, 4) * TEST;
    const equal = least + load<u32>(tile, 8) * TEST;
    let rows = codes + load<u32>(tile);
    for (let group: u32 = 0; group < groups; group++, rows += 16 * features) {
      transpose(rows, features);
      const out = 2 * group;
      for (let test = tests; test < least; test += TEST) {
        const bits = i8x16.ge_u(v128.load(columns + load<u32>(test)), v128.load8_splat(test + 4));
        store<u16>(load<u32>(test, 8) + out, i8x16.bitmask(bits));
      }
      for (let test = least; test < equal; test += TEST) {
        const bits = i8x16.eq(v128.load(columns + load<u32>(test)), v128.load8_splat(test + 4));
        store<u16>(load<u32>(test, 8) + out, i8x16.bitmask(bits));
      }
    }
    tests = equal;
  }
}

/**
 * The same for 32-bit codes, signed. A test names its feature by the place of its code in the row, in bytes.
 *
 * @param rowBytes of the codes of a sample.
 */
export function packWords(codes: u32, rowBytes: u32, groups: u32, tiles: u32, count: u32, tests: u32): void {
  for (let tile = tiles; tile < tiles + count * TILE; tile += TILE) {
    const least = tests + load<u32>(tile, 4) * TEST;
    const equal = least + load<u32>(tile, 8) * TEST;
    let rows = codes + load<u32>(tile);
    for (let group: u32 = 0; group < groups; group++, rows += 16 * rowBytes) {
      for (let test = tests; test < equal; test += TEST) {
        const value = v128.load32_splat(test + 4);
        const from = rows + load<u32>(test);
        let bits: u32 = 0;
        for (let s: u32 = 0; s < 16; s += 4) {
          const four = column(from + s * rowBytes, rowBytes);
          const found = test < least ? i32x4.ge_s(four, value) : i32x4.eq(four, value);
          bits |= (<u32>i32x4.bitmask(found)) << s;
        }
        store<u16>(load<u32>(test, 8) + 2 * group, bits);
      }
    }
    tests = equal;
  }
}

function column(at: u32, stride: u32): v128 {
  let four = v128.load32_zero(at);
  four = v128.load32_lane(at + stride, four, 1);
  four = v128.load32_lane(at + 2 * stride, four, 2);
  return v128.load32_lane(at + 3 * stride, four, 3);
}

/** 16 rows of 16 bytes, `stride` apart, to `columns`. */
function transpose(rows: u32, stride: u32): void {
  for (let half: u32 = 0; half < 2; half++) {
    // Rows r and r + 8 interleave first, then r and r + 4 of the results, and so on: after four rounds, columns are whole.
    const at = rows + half * 8;
    let r0 = both(at, 0, stride);
    let r1 = both(at, 1, stride);
    let r2 = both(at, 2, stride);
    let r3 = both(at, 3, stride);
    let r4 = both(at, 4, stride);
    let r5 = both(at, 5, stride);
    let r6 = both(at, 6, stride);
    let r7 = both(at, 7, stride);
    const s0 = low(r0, r4);
    const s1 = high(r0, r4);
    const s2 = low(r1, r5);
    const s3 = high(r1, r5);
    const s4 = low(r2, r6);
    const s5 = high(r2, r6);
    const s6 = low(r3, r7);
    const s7 = high(r3, r7);
    r0 = low(s0, s4);
    r1 = high(s0, s4);
    r2 = low(s1, s5);
    r3 = high(s1, s5);
    r4 = low(s2, s6);
    r5 = high(s2, s6);
    r6 = low(s3, s7);
    r7 = high(s3, s7);
    const to = columns + half * 128;
    v128.store(to, low(r0, r4));
    v128.store(to, high(r0, r4), 16);
    v128.store(to, low(r1, r5), 32);
    v128.store(to, high(r1, r5), 48);
    v128.store(to, low(r2, r6), 64);
    v128.store(to, high(r2, r6), 80);
    v128.store(to, low(r3, r7), 96);
    v128.store(to, high(r3, r7), 112);
  }
}

/** Eight bytes of rows `r` and `r + 8`, interleaved. */
function both(at: u32, r: u32, stride: u32): v128 {
  return low(v128.load64_zero(at + r * stride), v128.load64_zero(at + (r + 8) * stride));
}

function low(a: v128, b: v128): v128 {
  return v128.shuffle<u8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

function high(a: v128, b: v128): v128 {
  return v128.shuffle<u8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}
