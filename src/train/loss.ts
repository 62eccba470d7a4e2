/** Softmax cross-entropy of scores over a temperature. */
export interface BatchLoss {
  /** Mean over the batch, nats. */
  readonly loss: number;
  readonly right: number;
}

/**
 * Loss of a batch, and its gradient by the scores in `gradient`.
 *
 * @param scores shape `[classes, stride]`.
 * @param labels shape `[batch]`, batch <= stride.
 * @param scale what `softmax - onehot` is multiplied by: `1 / (temperature * batch)` is the true gradient of the
 * mean; the straight-through rules leave the temperature out.
 * @param gradient shape `[classes, stride]`; columns past the batch stay as they are.
 */
export function crossEntropy(
  scores: Float32Array,
  labels: Uint16Array,
  classes: number,
  stride: number,
  temperature: number,
  scale: number,
  gradient: Float32Array,
): BatchLoss {
  let loss = 0;
  let right = 0;
  for (let s = 0; s < labels.length; s++) {
    let best = 0;
    for (let c = 1; c < classes; c++) if (scores[c * stride + s]! > scores[best * stride + s]!) best = c;
    const top = scores[best * stride + s]!;
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += Math.exp((scores[c * stride + s]! - top) / temperature);
    const label = labels[s]!;
    loss += Math.log(sum) - (scores[label * stride + s]! - top) / temperature;
    if (best === label) right++;
    for (let c = 0; c < classes; c++) {
      const p = Math.exp((scores[c * stride + s]! - top) / temperature) / sum;
      gradient[c * stride + s] = scale * (p - (c === label ? 1 : 0));
    }
  }
  return { loss: loss / labels.length, right };
}
