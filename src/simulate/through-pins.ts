import { availableParallelism } from "node:os";
import { PASS } from "../../compiler/simulate/kernels.js";
import type { PinRun } from "../../compiler/simulate/through-pins.js";
import { simulationModule } from "./module.js";
import { inThread } from "./thread.js";

/** Samples with a wrong answer, or why the circuit cannot be simulated. */
export type PinResult = { readonly mismatches: number } | { readonly fault: string };

/** What a thread is started with. */
export interface PinPart {
  readonly module: WebAssembly.Module;
  readonly run: PinRun;
}

/**
 * Every sample through the pins of a circuit (compiler/simulate/through-pins.ts), on all cores.
 *
 * @throws the signal's reason once it is aborted.
 */
export async function samplesThroughPins(run: PinRun, signal: AbortSignal): Promise<PinResult> {
  const samples = run.expected.length;
  const features = run.design.encoder.features.length;
  const groups = Math.ceil(samples / PASS);
  const threads = Math.min(groups, availableParallelism());
  const share = PASS * Math.ceil(groups / threads);
  const parts = Array.from({ length: Math.ceil(samples / share) }, (_, t) => {
    const codes = run.codes.slice(t * share * features, (t + 1) * share * features);
    const expected = run.expected.slice(t * share, (t + 1) * share);
    const part: PinPart = { module: simulationModule(), run: { ...run, codes, expected } };
    return inThread<PinResult>("pins-worker.js", part, [codes.buffer, expected.buffer], signal);
  });
  const results = await Promise.all(parts);
  const fault = results.find((result) => "fault" in result);
  if (fault !== undefined) return fault;
  return { mismatches: results.reduce((sum, r) => sum + ("mismatches" in r ? r.mismatches : 0), 0) };
}
