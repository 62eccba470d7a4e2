/** First and second moments of one parameter array. */
export interface Moments {
  readonly first: Float32Array;
  readonly second: Float32Array;
}

export const zeroMoments = (parameters: number): Moments => ({
  first: new Float32Array(parameters),
  second: new Float32Array(parameters),
});

const BETA1 = 0.9;
const BETA2 = 0.99;
const EPSILON = 1e-4;

/**
 * One step of Adam with bias correction (Kingma and Ba, "Adam", 2015), in place; a hot loop.
 *
 * @param step from 1.
 */
export function adamStep(
  parameters: Float32Array,
  gradient: Float32Array,
  { first, second }: Moments,
  rate: number,
  step: number,
): void {
  const correct1 = rate / (1 - BETA1 ** step);
  const correct2 = 1 / (1 - BETA2 ** step);
  for (let i = 0; i < parameters.length; i++) {
    const g = gradient[i]!;
    const m = BETA1 * first[i]! + (1 - BETA1) * g;
    const v = BETA2 * second[i]! + (1 - BETA2) * g * g;
    first[i] = m;
    second[i] = v;
    parameters[i]! -= (correct1 * m) / (Math.sqrt(correct2 * v) + EPSILON);
  }
}
