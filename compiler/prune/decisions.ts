import type { LabelledBits } from "../ir/labelled-bits.js";

/**
 * How close every decision is: what the cross-entropy of the scores over a temperature says to small changes of the
 * scores, summed over all samples.
 */
export class Decisions {
  /** Shape `[classes, samples]`: what the softmax gives each class, and the loss's gradient by the scores. */
  private readonly shares: Float32Array;
  private readonly gradient: Float32Array;
  private readonly classes: number;
  /** Shape `[samples]`, of the last `look`. */
  private readonly slope: Float32Array;
  private readonly curvature: Float32Array;

  /** @param scores shape `[classes, samples]`; `update` looks at them again. */
  constructor(
    private readonly scores: Float64Array,
    private readonly data: LabelledBits,
    private readonly temperature: number,
  ) {
    this.classes = scores.length / data.samples;
    this.shares = new Float32Array(scores.length);
    this.gradient = new Float32Array(scores.length);
    this.slope = new Float32Array(data.samples);
    this.curvature = new Float32Array(data.samples);
    this.update();
  }

  update(): void {
    const { samples, labels } = this.data;
    for (let s = 0; s < samples; s++) {
      let top = Number.NEGATIVE_INFINITY;
      for (let at = s; at < this.scores.length; at += samples) top = Math.max(top, this.scores[at]!);
      let sum = 0;
      for (let at = s; at < this.scores.length; at += samples) {
        const e = Math.exp((this.scores[at]! - top) / this.temperature);
        this.shares[at] = e;
        sum += e;
      }
      for (let at = s, c = 0; c < this.classes; at += samples, c++) {
        this.shares[at]! /= sum;
        this.gradient[at] = this.shares[at]! - (labels[s] === c ? 1 : 0);
      }
    }
  }

  /**
   * What it does to each sample's loss to add `weights` to the scores, times some `d`: it grows by
   * `slope d + curvature d² / 2`.
   *
   * @param weights shape `[classes]`.
   * @returns shapes `[samples]`, good until the next call.
   */
  look(weights: ArrayLike<number>): { readonly slope: Float32Array; readonly curvature: Float32Array } {
    const { samples } = this.data;
    const { slope, curvature, shares, gradient, temperature: t } = this;
    slope.fill(0);
    curvature.fill(0);
    const mean = new Float32Array(samples);
    for (let c = 0; c < this.classes; c++) {
      const w = weights[c]!;
      if (w === 0) continue;
      for (let s = 0, at = c * samples; s < samples; s++, at++) {
        slope[s]! += (w * gradient[at]!) / t;
        mean[s]! += w * shares[at]!;
        curvature[s]! += (w * w * shares[at]!) / (t * t);
      }
    }
    for (let s = 0; s < samples; s++) curvature[s]! -= (mean[s]! * mean[s]!) / (t * t);
    return { slope, curvature };
  }
}
