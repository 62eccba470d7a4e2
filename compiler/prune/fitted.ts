import type { Design } from "../ir/design.js";
import { accuracyOf, type LabelledBits } from "../ir/labelled-bits.js";
import { makeClassifier } from "../simulate/classifier.js";
import { fitOffsets } from "./fit-offsets.js";

/** A design with offsets fitted to samples, and its scores on them. */
export interface Fitted {
  readonly design: Design;
  /** Shape `[samples, classes]`. */
  readonly scores: Int32Array;
}

export interface FitOptions {
  readonly data: LabelledBits;
  /** Divides the scores before the softmax. */
  readonly temperature: number;
  /** Compiled from `kernels.wasm`. */
  readonly module: WebAssembly.Module;
}

export function fitted(design: Design, { data, temperature, module }: FitOptions): Fitted {
  const scores = makeClassifier(module, design).scores(data.bits, data.samples);
  return { design: fitOffsets(design, scores, data.labels, temperature), scores };
}

/**
 * The design with offsets fitted to samples that were not trained on; the design as it is where that makes fewer samples of
 * another set right, or where there are none.
 */
export function guardedOffsets(design: Design, guard: LabelledBits, options: FitOptions): Design {
  if (guard.samples === 0) return design;
  const accuracy = (of: Design): number =>
    accuracyOf(makeClassifier(options.module, of).predictBits(guard.bits, guard.samples), guard.labels);
  const { design: better } = fitted(design, options);
  return accuracy(better) < accuracy(design) ? design : better;
}
