import type { Design } from "../ir/design.js";
import type { LabelledBits } from "../ir/labelled-bits.js";
import { predict } from "../simulate/bit-parallel.js";
import { scoreRows } from "../simulate/scores.js";

/** Sweeps over the classes at most. */
const SWEEPS = 20;

/** Offsets that were fitted, and what they do to the share of samples that are right. */
export interface RefittedOffsets {
  readonly design: Design;
  /** Whether the new offsets were kept: the guard did not get worse by them. */
  readonly kept: boolean;
  readonly fit: { readonly before: number; readonly after: number };
  readonly guard: { readonly before: number; readonly after: number };
}

/**
 * Fit integer class offsets to the decisions on one set of samples, class by class, each to the value at which the most
 * are right (the least change among equals); they are kept only if another set does not get worse.
 *
 * @param fit samples that were not trained on; `guard` others.
 */
export function refitOffsets(design: Design, fit: LabelledBits, guard: LabelledBits): RefittedOffsets {
  const scores = scoreRows(design, fit.bits, fit.samples);
  const change = new Int32Array(scores.length);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const moved = scores.map((_, cls) => {
      const by = bestShift(scores, cls, fit.labels);
      change[cls]! += by;
      for (let s = 0; s < fit.samples; s++) scores[cls]![s]! += by;
      return by;
    });
    if (moved.every((by) => by === 0)) break;
  }
  const { readout } = design;
  const refitted: Design = {
    ...design,
    readout: { ...readout, offset: readout.offset.map((old, c) => old + change[c]!) },
  };
  const onFit = { before: accuracy(design, fit), after: accuracy(refitted, fit) };
  const onGuard = { before: accuracy(design, guard), after: accuracy(refitted, guard) };
  const kept = onGuard.after >= onGuard.before;
  return { design: kept ? refitted : design, kept, fit: onFit, guard: onGuard };
}

function accuracy(design: Design, data: LabelledBits): number {
  const predicted = predict(design, data.bits, data.samples);
  return (
    predicted.reduce((sum, cls, s) => sum + Number(cls === data.labels[s]), 0) / Math.max(1, data.samples)
  );
}

/** What to add to one class's scores so that the most samples are right; 0 where nothing is better. */
function bestShift(scores: readonly Int32Array[], cls: number, labels: Uint16Array): number {
  /** By how much more the number of right samples changes from this shift on. */
  const steps = new Map<number, number>();
  const step = (at: number, by: number): void => void steps.set(at, (steps.get(at) ?? 0) + by);
  labels.forEach((label, s) => {
    const rival = bestOther(scores, cls, s);
    // From here on the class wins: it needs more than a rival of a lower index, and as much as one of a higher.
    const wins = scores[rival]![s]! - scores[cls]![s]! + (rival < cls ? 1 : 0);
    if (label === cls) step(wins, 1);
    else if (label === rival) step(wins, -1);
  });
  const ascending = [...steps].sort(([a], [b]) => a - b);
  let [right, best, most] = [0, 0, 0];
  for (const [at, by] of ascending) if (at <= 0) most += by;
  // Between two steps all shifts are equally good: the one nearest to 0 is taken.
  ascending.forEach(([at, by], i) => {
    right += by;
    const end = (ascending[i + 1]?.[0] ?? Number.POSITIVE_INFINITY) - 1;
    const nearest = Math.max(at, Math.min(0, end));
    if (right > most || (right === most && Math.abs(nearest) < Math.abs(best)))
      [most, best] = [right, nearest];
  });
  // Below every step the class never wins.
  if (most < 0) best = ascending[0]![0] - 1;
  return best;
}

function bestOther(scores: readonly Int32Array[], cls: number, s: number): number {
  let best = cls === 0 ? 1 : 0;
  for (let c = best + 1; c < scores.length; c++)
    if (c !== cls && scores[c]![s]! > scores[best]![s]!) best = c;
  return best;
}
