/** First and second moments of one parameter array. */
export interface Moments {
  readonly first: Float32Array;
  readonly second: Float32Array;
}

export const zeroMoments = (parameters: number): Moments => ({
  first: new Float32Array(parameters),
  second: new Float32Array(parameters),
});

export const BETA1 = 0.9;
export const BETA2 = 0.99;
export const EPSILON = 1e-4;

export interface AdamStep {
  readonly rate: number;
  /** From 1. */
  readonly step: number;
  readonly decay: number;
}

/** What a step multiplies with: `rate / (1 - β1^t)`, `1 / (1 - β2^t)`, `1 - rate * decay`. */
export const adamFactors = ({ rate, step, decay }: AdamStep): [number, number, number] => [
  rate / (1 - BETA1 ** step),
  1 / (1 - BETA2 ** step),
  1 - rate * decay,
];

/**
 * One step of Adam with bias correction (Kingma and Ba, "Adam", 2015) and decoupled weight decay (Loshchilov and
 * Hutter, "Decoupled weight decay regularization", ICLR 2019), in place; a hot loop.
 */
export function adamStep(
  parameters: Float32Array,
  gradient: Float32Array,
  { first, second }: Moments,
  at: AdamStep,
): void {
  const [correct1, correct2, kept] = adamFactors(at);
  for (let i = 0; i < parameters.length; i++) {
    const g = gradient[i]!;
    const m = BETA1 * first[i]! + (1 - BETA1) * g;
    const v = BETA2 * second[i]! + (1 - BETA2) * g * g;
    first[i] = m;
    second[i] = v;
    parameters[i] = kept * parameters[i]! - (correct1 * m) / (Math.sqrt(correct2 * v) + EPSILON);
  }
}
