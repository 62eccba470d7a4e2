/** Share of the steps in which the rate rises. */
const WARM_UP = 0.02;

/** Learning rate at a step (from 0) of `steps`: a linear rise, then a cosine down to 0. */
export function learningRate(peak: number, step: number, steps: number): number {
  const warmUp = Math.ceil(WARM_UP * steps);
  if (step < warmUp) return (peak * (step + 1)) / warmUp;
  return (peak * (1 + Math.cos((Math.PI * (step - warmUp)) / Math.max(1, steps - warmUp)))) / 2;
}
