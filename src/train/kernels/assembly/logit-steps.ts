import { adam4, largest, softmaxWithin, sum4 } from "./float";
import {
  LAYER_CANDIDATES,
  LAYER_GATE,
  LAYER_GATE_FIRST,
  LAYER_GATE_SECOND,
  LAYER_WIRE,
  LAYER_WIRE_FIRST,
  LAYER_WIRE_SECOND,
  word,
} from "./plan";

/** A candidate whose logit lies this far below the largest is out of the running: its gradient counts as 0 (pass.ts). */
const REACH: f32 = 9;

/** `t10 - t00, t11 - t01, t01 - t00, t11 - t10` of the gate whose function is drawn from these shares. */
export function storeSlopes(shares: u32, slopes: u32): void {
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

/** Adam's step of a gate's sixteen logits. @returns the function with the largest. */
export function stepGate(layer: u32, index: u32, shares: u32, patternSums: u32, rates: u32): u32 {
  const d00 = load<f32>(patternSums);
  const d01 = load<f32>(patternSums, 4);
  const d10 = load<f32>(patternSums, 8);
  const d11 = load<f32>(patternSums, 12);
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

/** Shares of a gate input's candidates, those out of reach having none. @param row which row of the logits. */
export function wireShares(layer: u32, row: u32, shares: u32): void {
  const candidates = word(layer, LAYER_CANDIDATES);
  softmaxWithin(REACH, word(layer, LAYER_WIRE) + row * (candidates << 2), candidates, shares);
}

/** Lists those with a share, as four times their numbers. @returns the end of the list. */
export function listShares(shares: u32, candidates: u32, list: u32): u32 {
  let end = list;
  for (let i: u32 = 0; i < candidates << 2; i += 16) {
    let found = i32x4.bitmask(f32x4.gt(v128.load(shares + i), f32x4.splat(0)));
    for (; found !== 0; found &= found - 1, end += 4) store<u32>(end, i + (ctz(found) << 2));
  }
  return end;
}

/**
 * Adam's step of one gate input's wire logits.
 *
 * @param row which row of the logits.
 * @param sums sums of the gradient over the ones of each candidate that has a share.
 * @returns the candidate with the largest logit.
 */
export function stepInput(layer: u32, row: u32, sums: u32, shares: u32, rates: u32): u32 {
  const candidates = word(layer, LAYER_CANDIDATES);
  const length: u32 = candidates << 2;
  const at: u32 = row * length;
  const logits: u32 = word(layer, LAYER_WIRE) + at;
  const first: u32 = word(layer, LAYER_WIRE_FIRST) + at;
  const second: u32 = word(layer, LAYER_WIRE_SECOND) + at;
  let product = f32x4.splat(0);
  for (let i: u32 = 0; i < length; i += 16) {
    product = f32x4.add(product, f32x4.mul(v128.load(sums + i), v128.load(shares + i)));
  }
  const mean = f32x4.splat(sum4(product));
  for (let i: u32 = 0; i < length; i += 16) {
    const gradient = f32x4.mul(v128.load(shares + i), f32x4.sub(v128.load(sums + i), mean));
    adam4(logits + i, first + i, second + i, gradient, rates);
  }
  return largest(logits, candidates);
}
