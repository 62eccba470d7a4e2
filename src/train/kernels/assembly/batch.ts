import { barrier, take } from "./barrier";
import {
  BATCH,
  BITS,
  CHOSEN,
  CODES,
  INPUTS,
  MAP_OF,
  MAPS,
  PIXELS,
  ROW_WORDS,
  SAMPLES,
  SCRATCH,
  SCRATCH_BYTES,
  STRIDE,
  THRESHOLDS,
  WARPED,
  WARPED_ROWS,
  word,
} from "./plan";

/** Bring the batch of a step into the bit rows of the inputs; samples past the batch are zeros. */
export function loadBatch(plan: u32, thread: u32, step: u32): void {
  if (word(plan, WARPED) !== 0) warpBatch(plan, step);
  const columns = word(plan, ROW_WORDS);
  const block: u32 = word(plan, SCRATCH) + thread * word(plan, SCRATCH_BYTES);
  for (let column = take(plan, 1); column < columns; column = take(plan, 1)) {
    const stride = word(plan, STRIDE);
    for (let from: u32 = 0; from < stride; from += 32) transposeBlock(plan, step, column, from, block);
  }
  barrier(plan);
}

/** Bits `32 column ..` of samples `from .. from + 32`. */
function transposeBlock(plan: u32, step: u32, column: u32, from: u32, block: u32): void {
  const batch = word(plan, BATCH);
  const rowBytes: u32 = word(plan, ROW_WORDS) << 2;
  const chosen: u32 = word(plan, CHOSEN) + ((step * batch) << 2);
  const warped = word(plan, WARPED) !== 0;
  for (let i: u32 = 0; i < 32; i++) {
    const s = from + i;
    let bits: u32 = 0;
    if (s < batch) {
      const row: u32 = warped
        ? word(plan, WARPED_ROWS) + s * rowBytes
        : word(plan, SAMPLES) + <u32>load<u32>(chosen + (s << 2)) * rowBytes;
      bits = load<u32>(row + (column << 2));
    }
    store<u32>(block + (i << 2), bits);
  }
  transpose32(block);
  const bytes: u32 = word(plan, STRIDE) >> 3;
  const inputs = word(plan, INPUTS);
  for (let j: u32 = 0; j < 32 && (column << 5) + j < inputs; j++) {
    store<u32>(word(plan, BITS) + ((column << 5) + j) * bytes + (from >> 3), load<u32>(block + (j << 2)));
  }
}

/** Transpose a 32 x 32 bit matrix in place (Warren, "Hacker's Delight", 2nd edition, section 7-3). */
function transpose32(block: u32): void {
  let mask: u32 = 0x0000ffff;
  for (let half: u32 = 16; half > 0; half >>= 1) {
    for (let i: u32 = 0; i < 32; i = (i + half + 1) & ~half) {
      const low = block + (i << 2);
      const high = block + ((i + half) << 2);
      const moved = ((load<u32>(low) >> half) ^ load<u32>(high)) & mask;
      store<u32>(low, load<u32>(low) ^ (moved << half));
      store<u32>(high, load<u32>(high) ^ moved);
    }
    mask ^= mask << (half >> 1);
  }
}

/** Every sample of the batch as its map warps it (src/train/warp.ts), thresholded to encoder bits. */
function warpBatch(plan: u32, step: u32): void {
  const batch = word(plan, BATCH);
  for (let s = take(plan, 4); s < batch; s = take(plan, 4)) {
    const to = min(batch, s + 4);
    for (let i = s; i < to; i++) {
      warp(plan, step * batch + i, word(plan, WARPED_ROWS) + i * (word(plan, ROW_WORDS) << 2));
    }
  }
  barrier(plan);
}

function warp(plan: u32, at: u32, row: u32): void {
  const pixels = word(plan, PIXELS);
  const sample = load<u32>(word(plan, CHOSEN) + (at << 2));
  const codes = word(plan, CODES) + sample * pixels;
  const map = word(plan, MAPS) + ((load<u32>(word(plan, MAP_OF) + (at << 2)) * pixels) << 2);
  const inputs = word(plan, INPUTS);
  const thresholds = word(plan, THRESHOLDS);
  for (let i: u32 = 0; i < inputs; i += 32) {
    let bits: u32 = 0;
    const upTo = min(inputs, i + 32);
    for (let j = i; j < upTo; j++) {
      const entry = load<u32>(thresholds + (j << 2));
      const source = load<u32>(map + ((entry & 0xffffff) << 2));
      bits |= (<u32>(<u32>load<u8>(codes + source) >= entry >> 24)) << (j & 31);
    }
    store<u32>(row + ((i >> 5) << 2), bits);
  }
}
