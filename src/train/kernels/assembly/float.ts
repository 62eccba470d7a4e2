/**
 * e^x in four lanes, x <= 0, relative error below 3e-7: `x = n ln 2 + r`, then six terms of the series for e^r.
 * ln 2 is split into a part of nine bits, by which n multiplies exactly, and the rest.
 */
export function exp4(x: v128): v128 {
  const clamped = f32x4.max(x, f32x4.splat(-87));
  const n = f32x4.nearest(f32x4.mul(clamped, f32x4.splat(Mathf.LOG2E)));
  let r = f32x4.sub(clamped, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.add(r, f32x4.mul(n, f32x4.splat(2.1219444e-4)));
  let p = f32x4.splat(1.0 / 720);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 120));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 24));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 6));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.5));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1));
  // n is whole and small: adding 1.5 * 2^23 puts it into the low bits, from where it moves to the exponent.
  const whole = i32x4.sub(f32x4.add(n, f32x4.splat(12582912)), i32x4.splat(0x4b400000));
  return f32x4.mul(p, i32x4.shl(i32x4.add(whole, i32x4.splat(127)), 23));
}

/** Sum of four lanes, in a fixed order. */
export function sum4(x: v128): f32 {
  return (
    f32x4.extract_lane(x, 0) +
    f32x4.extract_lane(x, 1) +
    (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3))
  );
}

/** Largest of four lanes. */
export function max4(x: v128): f32 {
  return max(
    max(f32x4.extract_lane(x, 0), f32x4.extract_lane(x, 1)),
    max(f32x4.extract_lane(x, 2), f32x4.extract_lane(x, 3)),
  );
}

/** `softmax(logits)` of `count` values, a multiple of four, into `out`. */
export function softmax(logits: u32, count: i32, out: u32): void {
  let top = v128.load(logits);
  for (let i: u32 = 16; i < (<u32>count) << 2; i += 16) top = f32x4.max(top, v128.load(logits + i));
  const highest = f32x4.splat(max4(top));
  let sum = f32x4.splat(0);
  for (let i: u32 = 0; i < (<u32>count) << 2; i += 16) {
    const e = exp4(f32x4.sub(v128.load(logits + i), highest));
    v128.store(out + i, e);
    sum = f32x4.add(sum, e);
  }
  const share = f32x4.splat(1 / sum4(sum));
  for (let i: u32 = 0; i < (<u32>count) << 2; i += 16) {
    v128.store(out + i, f32x4.mul(v128.load(out + i), share));
  }
}

/**
 * `softmax(logits)` of those that lie less than `reach` below the largest, 0 for the others; `count` a multiple of four.
 */
export function softmaxWithin(reach: f32, logits: u32, count: i32, out: u32): void {
  const bytes = (<u32>count) << 2;
  let top = v128.load(logits);
  for (let i: u32 = 16; i < bytes; i += 16) top = f32x4.max(top, v128.load(logits + i));
  const highest = f32x4.splat(max4(top));
  const lowest = f32x4.splat(-reach);
  let sum = f32x4.splat(0);
  for (let i: u32 = 0; i < bytes; i += 16) {
    const below = f32x4.sub(v128.load(logits + i), highest);
    const near = f32x4.gt(below, lowest);
    if (!v128.any_true(near)) {
      v128.store(out + i, f32x4.splat(0));
      continue;
    }
    const e = v128.and(near, exp4(below));
    v128.store(out + i, e);
    sum = f32x4.add(sum, e);
  }
  const share = f32x4.splat(1 / sum4(sum));
  for (let i: u32 = 0; i < bytes; i += 16) {
    v128.store(out + i, f32x4.mul(v128.load(out + i), share));
  }
}

/** Index of the largest of `count` values, a multiple of four; the lowest index wins ties. */
export function largest(values: u32, count: u32): u32 {
  const bytes = count << 2;
  let top = v128.load(values);
  for (let i: u32 = 16; i < bytes; i += 16) top = f32x4.max(top, v128.load(values + i));
  const highest = f32x4.splat(max4(top));
  for (let i: u32 = 0; i < bytes; i += 16) {
    const found = i32x4.bitmask(f32x4.eq(v128.load(values + i), highest));
    if (found !== 0) return (i >> 2) + ctz(found);
  }
  return 0;
}

/**
 * One step of Adam with bias correction for four parameters (Kingma and Ba, "Adam", 2015), then decoupled decay.
 *
 * @param rates `rate / (1 - β1^t)`, `1 / (1 - β2^t)`, `1 - rate * decay`.
 */
export function adam4(parameter: u32, first: u32, second: u32, gradient: v128, rates: u32): void {
  const m = f32x4.add(f32x4.mul(v128.load(first), f32x4.splat(0.9)), f32x4.mul(gradient, f32x4.splat(0.1)));
  const v = f32x4.add(
    f32x4.mul(v128.load(second), f32x4.splat(0.99)),
    f32x4.mul(f32x4.mul(gradient, gradient), f32x4.splat(0.01)),
  );
  v128.store(first, m);
  v128.store(second, v);
  const root = f32x4.add(f32x4.sqrt(f32x4.mul(v, v128.load32_splat(rates + 4))), f32x4.splat(1e-4));
  const change = f32x4.div(f32x4.mul(m, v128.load32_splat(rates)), root);
  const kept = f32x4.mul(v128.load(parameter), v128.load32_splat(rates + 8));
  v128.store(parameter, f32x4.sub(kept, change));
}
