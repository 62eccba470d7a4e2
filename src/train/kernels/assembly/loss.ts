import { barrier, take } from "./barrier";
import {
  BATCH,
  CLASSES,
  LABELS,
  LOSSES,
  RIGHT,
  SAMPLE_WEIGHTS,
  SCORE_ROWS,
  SCORES,
  SHARES,
  STRIDE,
  TEMPERATURE,
  word,
} from "./plan";

/** Samples a work item. */
const CHUNK: u32 = 16;

/**
 * Softmax cross-entropy of scores over the temperature. The gradient by the scores is `weight (softmax - onehot)`:
 * straight-through rules leave the temperature and the batch size out.
 *
 * @param step which row of labels, weights and results.
 */
export function crossEntropy(plan: u32, step: u32): void {
  const batch = word(plan, BATCH);
  const row = step * batch;
  for (let from = take(plan, CHUNK); from < batch; from = take(plan, CHUNK)) {
    const to = min(batch, from + CHUNK);
    for (let s = from; s < to; s++) sample(plan, s, row + s);
  }
  barrier(plan);
}

function sample(plan: u32, s: u32, at: u32): void {
  const classes = word(plan, CLASSES);
  const stride = word(plan, STRIDE);
  const scores: u32 = word(plan, SCORES) + (s << 2);
  const gradient: u32 = word(plan, SCORE_ROWS) + (s << 2);
  const step: u32 = stride << 2;
  const scale: f64 = 1.0 / load<f32>(plan + TEMPERATURE);
  let best: u32 = 0;
  let top = load<i32>(scores);
  for (let c: u32 = 1; c < classes; c++) {
    const score = load<i32>(scores + c * step);
    if (score > top) {
      top = score;
      best = c;
    }
  }
  let sum: f64 = 0;
  for (let c: u32 = 0; c < classes; c++) sum += Math.exp(<f64>(load<i32>(scores + c * step) - top) * scale);
  const label = load<u32>(word(plan, LABELS) + (at << 2));
  const weight = load<f32>(word(plan, SAMPLE_WEIGHTS) + (at << 2));
  for (let c: u32 = 0; c < classes; c++) {
    const share = Math.exp(<f64>(load<i32>(scores + c * step) - top) * scale) / sum;
    store<f32>(gradient + c * step, weight * <f32>(share - (c === label ? 1.0 : 0.0)));
    if (c === label) store<f32>(word(plan, SHARES) + (at << 2), <f32>share);
  }
  const own: f64 = <f64>(load<i32>(scores + label * step) - top) * scale;
  store<f32>(word(plan, LOSSES) + (at << 2), <f32>(Math.log(sum) - own));
  store<u32>(word(plan, RIGHT) + (at << 2), best === label ? 1 : 0);
}
