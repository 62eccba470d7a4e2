import { csvField } from "../data/csv-table.js";
import type { HeldOut } from "./held-out.js";
import { fitNoise, wrongProbability } from "./noise-model.js";

/** A training sample whose label is probably wrong. */
export interface Suspect {
  /** Number among the training samples, from 0, as they are read. */
  readonly sample: number;
  readonly label: number;
  /** The class that a network gives which did not see the sample. */
  readonly suggested: number;
  /** That the label is wrong. */
  readonly probability: number;
}

/**
 * Samples whose label is probably wrong, by what networks say of them that they were not trained on: the labels are taken
 * for drawn from their scores, and some of them replaced (`fitNoise`).
 *
 * @param from the probability from which a label is suspect.
 */
export function suspects(labels: Uint16Array, { scores, temperature }: HeldOut, from: number): Suspect[] {
  const probability = wrongProbability(fitNoise(scores, labels, temperature), scores, labels);
  return Array.from(labels, (label, sample): Suspect => {
    let suggested = 0;
    for (let cls = 1; cls < scores.length; cls++)
      if (scores[cls]![sample]! > scores[suggested]![sample]!) suggested = cls;
    return { sample, label, suggested, probability: probability[sample]! };
  }).filter(({ label, suggested, probability: p }) => label !== suggested && p >= from);
}

/** One line a suspect, in order: what `data.exclude` reads. */
export function suspectsCsv(found: readonly Suspect[], classNames: readonly string[]): string {
  const lines = found.map(({ sample, label, suggested, probability }) =>
    [sample, csvField(classNames[label]!), csvField(classNames[suggested]!), probability.toFixed(4)].join(),
  );
  return `${["sample,label,suggested,probability", ...lines].join("\n")}\n`;
}
