import type { Design } from "../ir/design.js";

/** From the offsets of the round before it is never far. */
const STEPS = 6;

/**
 * The same design with integer offsets that fit the samples better: steps of Newton's, for each class by itself, down the
 * cross-entropy of the scores over a temperature. The best ones on the way are taken, and rounded.
 *
 * @param scores of the design, shape `[samples, classes]`; they become those of the result.
 * @param labels shape `[samples]`.
 */
export function fitOffsets(
  design: Design,
  scores: Int32Array,
  labels: Uint16Array,
  temperature: number,
): Design {
  const { readout } = design;
  const classes = readout.classNames.length;
  const move = new Float64Array(classes);
  let best = { loss: Number.POSITIVE_INFINITY, move: move.slice() };
  for (let step = 0; step <= STEPS; step++) {
    const { loss, slope, curvature } = lossAt(scores, labels, move, temperature);
    if (loss < best.loss) best = { loss, move: move.slice() };
    for (let c = 0; c < classes; c++) {
      const newton = slope[c]! / (curvature[c]! + Number.MIN_VALUE);
      // Where the softmax is saturated the curvature says nothing.
      move[c]! -= temperature * Math.max(-2, Math.min(2, newton));
    }
  }
  const by = Int32Array.from(best.move, Math.round);
  for (let at = 0; at < scores.length; at++) scores[at]! += by[at % classes]!;
  const offset = readout.offset.map((o, c) => o + by[c]!);
  return { ...design, readout: { ...readout, offset } };
}

/** The loss with the scores moved, and its derivatives by each class's score over the temperature; sums over the samples. */
export function lossAt(scores: Int32Array, labels: Uint16Array, move: Float64Array, temperature: number) {
  const classes = move.length;
  const [slope, curvature] = [new Float64Array(classes), new Float64Array(classes)];
  const p = new Float64Array(classes);
  let loss = 0;
  for (let s = 0; s < labels.length; s++) {
    const from = s * classes;
    let [top, sum] = [Number.NEGATIVE_INFINITY, 0];
    for (let c = 0; c < classes; c++) top = Math.max(top, scores[from + c]! + move[c]!);
    for (let c = 0; c < classes; c++) {
      p[c] = Math.exp((scores[from + c]! + move[c]! - top) / temperature);
      sum += p[c]!;
    }
    const label = labels[s]!;
    loss += Math.log(sum) - (scores[from + label]! + move[label]! - top) / temperature;
    for (let c = 0; c < classes; c++) {
      const share = p[c]! / sum;
      slope[c]! += share - (label === c ? 1 : 0);
      curvature[c]! += share * (1 - share);
    }
  }
  return { loss, slope, curvature };
}
