import { availableParallelism } from "node:os";
import type { Design } from "../../compiler/ir/design.js";
import { gateCount } from "../../compiler/ir/netlist.js";
import { makeClassifier } from "../../compiler/simulate/classifier.js";
import { simulationModule } from "./module.js";
import { inThread } from "./thread.js";

/** Gate evaluations from which threads are worth starting: one core needs about half a second for them. */
const WORTH_THREADS = 5e10;
/** Packing an encoder bit costs as much as so many gates. */
const GATES_A_BIT = 16;

/** What a thread of `predictSamples` is started with. */
export interface PredictionPart {
  readonly module: WebAssembly.Module;
  readonly design: Design;
  readonly codes: Uint8Array | Int32Array;
  readonly samples: number;
}

/**
 * The class of every sample through the WebAssembly interpreter, on all cores where there is enough to do.
 *
 * @param codes shape `[samples, features]`, row-major, quantised.
 * @param threads how many to use; the result is the same.
 */
export async function predictSamples(
  design: Design,
  codes: Uint8Array | Int32Array,
  samples: number,
  threads = threadsFor(design, samples),
): Promise<Uint16Array> {
  const module = simulationModule();
  if (threads === 1) return makeClassifier(module, design).predict(codes, samples);
  const features = design.encoder.features.length;
  const share = Math.ceil(samples / threads);
  const predicted = new Uint16Array(samples);
  const parts = Array.from({ length: threads }, async (_, t) => {
    const [from, to] = [Math.min(samples, t * share), Math.min(samples, (t + 1) * share)];
    const part = codes.slice(from * features, to * features);
    const data: PredictionPart = { module, design, codes: part, samples: to - from };
    predicted.set(await inThread<Uint16Array>("worker.js", data, [part.buffer as ArrayBuffer]), from);
  });
  await Promise.all(parts);
  return predicted;
}

/** The class of every sample from encoder bits, shape `[bits][words]`, 32 samples a word. */
export const predictBits = (design: Design, bits: readonly Uint32Array[], samples: number): Uint16Array =>
  makeClassifier(simulationModule(), design).predictBits(bits, samples);

function threadsFor({ core, encoder }: Design, samples: number): number {
  const work = samples * (gateCount(core) + GATES_A_BIT * encoder.bits.length);
  return work < WORTH_THREADS ? 1 : availableParallelism();
}
