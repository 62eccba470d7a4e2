/** How labels went wrong, and how much the scores of networks that did not see them are worth. */
export interface NoiseModel {
  /** Divides the scores before the softmax. */
  readonly temperature: number;
  /** Share of the labels that are wrong, each as likely any of the other classes. */
  readonly rate: number;
}

/** The temperature is looked for within this factor of the given one, up and down. */
const REACH = 8;
/** Narrows the reach to less than a percent. */
const STEPS = 14;
const ITERATIONS = 60;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * The temperature and the rate at which the labels are most likely, if a label is drawn from the softmax of its sample's
 * scores and then, at the rate, replaced by another class at random (after Sukhbaatar et al., "Training convolutional
 * networks with noisy labels", ICLR 2015, with one number for the whole matrix, and fitted after training).
 *
 * @param scores shape `[classes][samples]`.
 * @param temperature that the networks were trained with.
 */
export function fitNoise(
  scores: readonly Int32Array[],
  labels: Uint16Array,
  temperature: number,
): NoiseModel {
  const at = (log: number) => fitRate(labelShares(scores, labels, Math.exp(log)), scores.length - 1);
  let [low, high] = [Math.log(temperature / REACH), Math.log(temperature * REACH)];
  for (let step = 0; step < STEPS; step++) {
    const [a, b] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
    if (at(a).likelihood > at(b).likelihood) high = b;
    else low = a;
  }
  const log = (low + high) / 2;
  return { temperature: Math.exp(log), rate: at(log).rate };
}

/** The probability that each label is wrong. @returns shape `[samples]`. */
export function wrongProbability(
  { temperature, rate }: NoiseModel,
  scores: readonly Int32Array[],
  labels: Uint16Array,
): Float64Array {
  const stray = rate / (scores.length - 1);
  return labelShares(scores, labels, temperature).map((q) => wrong(q, rate, stray));
}

const wrong = (q: number, rate: number, stray: number): number =>
  (stray * (1 - q)) / (stray * (1 - q) + (1 - rate) * q);

/** What the softmax gives each sample's label. */
function labelShares(scores: readonly Int32Array[], labels: Uint16Array, temperature: number): Float64Array {
  return Float64Array.from(labels, (label, s) => {
    const own = scores[label]![s]!;
    let sum = 0;
    for (const row of scores) sum += Math.exp((row[s]! - own) / temperature);
    return 1 / sum;
  });
}

/** Expectation maximisation of the rate alone. */
function fitRate(shares: Float64Array, others: number): { rate: number; likelihood: number } {
  let rate = 0.1;
  for (let i = 0; i < ITERATIONS; i++) {
    let sum = 0;
    for (const q of shares) sum += wrong(q, rate, rate / others);
    rate = sum / shares.length;
  }
  let likelihood = 0;
  for (const q of shares) likelihood += Math.log((1 - rate) * q + (rate / others) * (1 - q));
  return { rate, likelihood };
}
