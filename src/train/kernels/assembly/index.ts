export { scratchBytes } from "./backward";
export { decide } from "./decide";
export * from "./plan";

import { backward } from "./backward";
import { loadBatch } from "./batch";
import { countVotes, forward } from "./forward";
import { crossEntropy } from "./loss";

/** First byte past the module's own constants. */
export function heapBase(): u32 {
  return <u32>__heap_base;
}

/**
 * Train: every thread calls this with the same plan, and all of them go through the steps together. Each piece of work
 * is done by whichever thread takes it, and its result does not depend on which.
 */
export function train(plan: u32, thread: u32, steps: u32): void {
  for (let step: u32 = 0; step < steps; step++) {
    infer(plan, thread, step);
    backward(plan, thread, step);
  }
}

/** Forward only: losses, shares and right answers of `steps` batches. */
export function measure(plan: u32, thread: u32, steps: u32): void {
  for (let step: u32 = 0; step < steps; step++) infer(plan, thread, step);
}

function infer(plan: u32, thread: u32, step: u32): void {
  loadBatch(plan, thread, step);
  forward(plan);
  countVotes(plan, thread);
  crossEntropy(plan, step);
}
