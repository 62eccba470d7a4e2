import { Random } from "../../base/random.js";
import type { LabelledBits } from "../ir/labelled-bits.js";

/** Samples drawn for how much their loss can change, weighted so that sums over them are those over all samples. */
export interface DecisiveSamples {
  readonly samples: number;
  /** Shape `[inputs][ceil(samples / 32)]`. */
  readonly bits: readonly Uint32Array[];
  /** Shape `[classes, samples]`: gradient of the mean loss by the scores. */
  readonly slope: Float32Array;
  /**
   * Shape `[classes, samples]`: a random vector u a sample with E[u uᵀ] the second derivative of the mean loss by the
   * scores, so that the square of what it is propagated to is, in the mean, the curvature there.
   */
  readonly spread: Float32Array;
}

export interface DrawOptions {
  readonly temperature: number;
  /** About how many samples to draw; all of them if there are no more. */
  readonly count: number;
  readonly seed: number;
}

/** Share of certain samples that is drawn all the same. */
const FLOOR = 2e-3;

/**
 * Draw samples with a probability in proportion to how undecided they are. The loss is the cross-entropy of the scores
 * over a temperature; at a sample that is decided beyond doubt nothing small changes it.
 *
 * @param scores shape `[samples, classes]`.
 */
export function drawDecisive(scores: Int32Array, data: LabelledBits, options: DrawOptions): DecisiveSamples {
  const random = Random.forPurpose(options.seed, "decisive-samples");
  const classes = scores.length / data.samples;
  const shares = softmaxOf(scores, classes, options.temperature);
  const chance = chances(shares, data, options.count);
  const drawn: number[] = [];
  for (let s = 0; s < data.samples; s++) if (random.uniform() < chance[s]!) drawn.push(s);
  const slope = new Float32Array(classes * drawn.length);
  const spread = new Float32Array(classes * drawn.length);
  drawn.forEach((s, at) => {
    const weight = 1 / (chance[s]! * data.samples);
    const p = shares.subarray(s * classes, (s + 1) * classes);
    const signs = Float32Array.from(p, () => (random.uint32() < 0x8000_0000 ? -1 : 1));
    const mean = p.reduce((sum, share, c) => sum + Math.sqrt(share) * signs[c]!, 0);
    const scale = Math.sqrt(weight) / options.temperature;
    for (let c = 0; c < classes; c++) {
      const hit = data.labels[s] === c ? 1 : 0;
      slope[c * drawn.length + at] = (weight * (p[c]! - hit)) / options.temperature;
      spread[c * drawn.length + at] = scale * (Math.sqrt(p[c]!) * signs[c]! - p[c]! * mean);
    }
  });
  return { samples: drawn.length, bits: gather(data.bits, drawn), slope, spread };
}

/** Shape `[samples, classes]`, as the scores. */
function softmaxOf(scores: Int32Array, classes: number, temperature: number): Float32Array {
  const shares = new Float32Array(scores.length);
  for (let from = 0; from < scores.length; from += classes) {
    let top = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < classes; c++) top = Math.max(top, scores[from + c]!);
    let sum = 0;
    for (let c = 0; c < classes; c++) {
      const e = Math.exp((scores[from + c]! - top) / temperature);
      shares[from + c] = e;
      sum += e;
    }
    for (let c = 0; c < classes; c++) shares[from + c]! /= sum;
  }
  return shares;
}

/** With what probability each sample is drawn: about `count` in all. */
function chances(shares: Float32Array, { samples, labels }: LabelledBits, count: number): Float64Array {
  const classes = shares.length / samples;
  const doubt = new Float64Array(samples);
  for (let s = 0; s < samples; s++) {
    let top = 0;
    for (let at = s * classes; at < (s + 1) * classes; at++) top = Math.max(top, shares[at]!);
    doubt[s] = 2 - top - shares[s * classes + labels[s]!]! + FLOOR;
  }
  if (count >= samples) return doubt.fill(1);
  // The factor at which the probabilities, none above 1, add up to the count.
  let [low, high] = [0, count / FLOOR];
  for (let step = 0; step < 60; step++) {
    const factor = (low + high) / 2;
    let sum = 0;
    for (const d of doubt) sum += Math.min(1, factor * d);
    if (sum < count) low = factor;
    else high = factor;
  }
  return doubt.map((d) => Math.min(1, high * d));
}

/** The bits of some samples, packed anew. */
function gather(bits: readonly Uint32Array[], samples: readonly number[]): Uint32Array[] {
  return bits.map((row) => {
    const packed = new Uint32Array(Math.ceil(samples.length / 32));
    for (let at = 0; at < samples.length; at++) {
      const s = samples[at]!;
      packed[at >>> 5]! |= ((row[s >>> 5]! >>> (s & 31)) & 1) << (at & 31);
    }
    return packed;
  });
}
