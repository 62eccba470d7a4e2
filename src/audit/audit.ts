import type { HeldOut } from "./held-out.js";
import { fitMixture, lowerProbability } from "./mixture.js";

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
 * Samples whose label is probably wrong: the log-odds of the labels are a mixture of two normal distributions, that of
 * the right labels and that of the wrong ones (after Arazo et al., "Unsupervised label noise modeling and loss
 * correction", ICML 2019, here on samples that the network was not trained on).
 *
 * @param from the probability from which a label is suspect.
 */
export function suspects(labels: Uint16Array, { logOdds, predicted }: HeldOut, from: number): Suspect[] {
  const low = Uint8Array.from(labels, (label, s) => (label === predicted[s] ? 0 : 1));
  if (!low.includes(0) || !low.includes(1)) return [];
  const mixture = fitMixture(logOdds, low);
  return Array.from(
    labels,
    (label, sample): Suspect => ({
      sample,
      label,
      suggested: predicted[sample]!,
      probability: lowerProbability(mixture, logOdds[sample]!),
    }),
  ).filter(({ label, suggested, probability }) => label !== suggested && probability >= from);
}

/** One line a suspect, in order: what `data.exclude` reads. */
export function suspectsCsv(found: readonly Suspect[], classNames: readonly string[]): string {
  const quoted = (name: string): string => (/[",\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name);
  const lines = found.map(({ sample, label, suggested, probability }) =>
    [sample, quoted(classNames[label]!), quoted(classNames[suggested]!), probability.toFixed(4)].join(),
  );
  return `${["sample,label,suggested,probability", ...lines].join("\n")}\n`;
}
