import { max4, sum4 } from "./float";
import { ones, PLANES_BYTES, storePlanes } from "./planes";

export function largestMagnitude(row: u32, rowBytes: u32): f32 {
  let top = f32x4.splat(0);
  for (let s: u32 = 0; s < rowBytes; s += 16) top = f32x4.max(top, f32x4.abs(v128.load(row + s)));
  return max4(top);
}

/**
 * The gradients by both inputs as bit planes; adds to the sums of the gradient by the output over the four input patterns.
 *
 * @param bytes of a bit row.
 * @param patternSums four f32, for the inputs 00, 01, 10, 11.
 */
export function quantise(
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
  addSums(patternSums, sum4(all), sum4(overA), sum4(overB), sum4(overBoth));
}

/** The same sums as `quantise` adds up, for a gate whose wires are fixed. */
export function addPatternSums(row: u32, a: u32, b: u32, bytes: u32, patternSums: u32): void {
  let all = f32x4.splat(0);
  let overA = all;
  let overB = all;
  let overBoth = all;
  for (let at: u32 = 0; at < bytes; at += 4) {
    let x = i32x4.splat(load<i32>(a + at));
    let y = i32x4.splat(load<i32>(b + at));
    for (let d = row + (at << 5), end = d + 128; d < end; d += 16) {
      const gradient = v128.load(d);
      const oneA = v128.and(gradient, ones(x));
      const oneB = ones(y);
      x = i32x4.shr_u(x, 4);
      y = i32x4.shr_u(y, 4);
      all = f32x4.add(all, gradient);
      overA = f32x4.add(overA, oneA);
      overB = f32x4.add(overB, v128.and(gradient, oneB));
      overBoth = f32x4.add(overBoth, v128.and(oneA, oneB));
    }
  }
  addSums(patternSums, sum4(all), sum4(overA), sum4(overB), sum4(overBoth));
}

/** Adds sums over all samples, those of a, of b and of both, to those over the four patterns of (a, b). */
function addSums(patternSums: u32, total: f32, sumA: f32, sumB: f32, both: f32): void {
  const sums = f32x4(total - sumA - sumB + both, sumB - both, sumA - both, both);
  v128.store(patternSums, f32x4.add(v128.load(patternSums), sums));
}
