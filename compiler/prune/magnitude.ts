import type { Model } from "../model/model.js";
import { stepsOf } from "../model/steps.js";

/**
 * How sure training was of each gate: the share that a softmax of its sixteen logits gives the function chosen.
 *
 * @returns shape `[model nodes - inputs]`, as the origins of a design's gates count them; pooling nodes hold 1.
 */
export function gateStrengths(model: Model): Float64Array {
  const inputs = model.encoder.bits.length;
  const { steps, nodes } = stepsOf(model);
  const strengths = new Float64Array(nodes - inputs).fill(1);
  for (const step of steps) {
    if (step.kind === "pool") continue;
    const { gateLogits } = model.layers[step.layer]!;
    for (let g = 0; g < step.gates; g++) {
      const row = gateLogits.subarray(16 * (step.firstRow + g), 16 * (step.firstRow + g + 1));
      const top = Math.max(...row);
      const strength = 1 / row.reduce((sum, logit) => sum + Math.exp(logit - top), 0);
      const from = step.first - inputs + g * step.positions;
      strengths.fill(strength, from, from + step.positions);
    }
  }
  return strengths;
}
