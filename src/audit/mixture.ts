/** Two normal components, the lower one first. */
export interface Mixture {
  readonly share: readonly [number, number];
  readonly mean: readonly [number, number];
  readonly deviation: readonly [number, number];
}

const ITERATIONS = 200;
/** Deviations stay above this, so that no component closes in on one value. */
const FLOOR = 1e-3;

/**
 * Fit a mixture of two normal distributions by expectation maximisation.
 *
 * @param low shape of `values`: 1 for those that the lower component begins with; some of both are needed.
 */
export function fitMixture(values: Float64Array, low: Uint8Array): Mixture {
  let mixture = maximise(values, Float64Array.from(low));
  for (let i = 0; i < ITERATIONS; i++) {
    const belief = values.map((x) => posterior(mixture, x));
    const next = maximise(values, belief);
    const moved = Math.abs(next.mean[0] - mixture.mean[0]) + Math.abs(next.mean[1] - mixture.mean[1]);
    mixture = next;
    if (moved < 1e-6) break;
  }
  return mixture;
}

/** @param belief how much of each value is the lower component's. */
function maximise(values: Float64Array, belief: Float64Array): Mixture {
  let [n, sum, square, all, allSquare] = [0, 0, 0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const [x, b] = [values[i]!, belief[i]!];
    n += b;
    sum += b * x;
    square += b * x * x;
    all += x;
    allSquare += x * x;
  }
  const rest = values.length - n;
  const mean = [sum / n, (all - sum) / rest] as const;
  const deviation = [
    Math.sqrt(Math.max(FLOOR ** 2, square / n - mean[0] ** 2)),
    Math.sqrt(Math.max(FLOOR ** 2, (allSquare - square) / rest - mean[1] ** 2)),
  ] as const;
  return { share: [n / values.length, rest / values.length], mean, deviation };
}

function posterior({ share, mean, deviation }: Mixture, x: number): number {
  const log = (k: 0 | 1): number =>
    Math.log(share[k]) - Math.log(deviation[k]) - ((x - mean[k]) / deviation[k]) ** 2 / 2;
  return 1 / (1 + Math.exp(log(1) - log(0)));
}

/**
 * The probability that a value is of the lower component. Beyond the two means it stays what it is there: the wider
 * component would otherwise claim both ends.
 */
export function lowerProbability(mixture: Mixture, x: number): number {
  const [low, high] = mixture.mean;
  return posterior(mixture, Math.min(Math.max(x, Math.min(low, high)), Math.max(low, high)));
}
