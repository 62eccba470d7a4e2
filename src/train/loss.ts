import type { StepResults } from "./engine.js";

export interface LossShape {
  readonly classes: number;
  /** Samples a row of scores. */
  readonly stride: number;
  readonly temperature: number;
  /**
   * What `softmax - onehot` is multiplied by: `1 / (temperature * batch)` is the true gradient of the mean; the
   * straight-through rules leave both out.
   */
  readonly scale: number;
}

/**
 * Softmax cross-entropy of scores over a temperature, and its gradient by the scores.
 *
 * @param scores shape `[classes, stride]`.
 * @param labels shape `[batch]`, batch <= stride.
 * @param weights shape `[batch]`: what each sample's gradient counts.
 * @param gradient shape `[classes, stride]`; columns past the batch stay as they are.
 * @returns one entry a sample.
 */
export function crossEntropy(
  scores: Float32Array,
  labels: Uint16Array,
  weights: Float32Array,
  { classes, stride, temperature, scale }: LossShape,
  gradient: Float32Array | Float64Array,
): StepResults {
  const batch = labels.length;
  const results = {
    losses: new Float32Array(batch),
    shares: new Float32Array(batch),
    right: new Uint8Array(batch),
  };
  for (let s = 0; s < batch; s++) {
    let best = 0;
    for (let c = 1; c < classes; c++) if (scores[c * stride + s]! > scores[best * stride + s]!) best = c;
    const top = scores[best * stride + s]!;
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += Math.exp((scores[c * stride + s]! - top) / temperature);
    const label = labels[s]!;
    const own = (scores[label * stride + s]! - top) / temperature;
    results.losses[s] = Math.log(sum) - own;
    results.shares[s] = Math.exp(own) / sum;
    results.right[s] = Number(best === label);
    for (let c = 0; c < classes; c++) {
      const p = Math.exp((scores[c * stride + s]! - top) / temperature) / sum;
      gradient[c * stride + s] = scale * weights[s]! * (p - (c === label ? 1 : 0));
    }
  }
  return results;
}
