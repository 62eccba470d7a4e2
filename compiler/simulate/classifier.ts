import type { Design } from "../ir/design.js";
import { checkCodes, encodeSamples } from "../ir/encoder.js";
import { MemoryPlan, PASS } from "./kernels.js";
import { Machine, placeNetlist } from "./machine.js";
import { placePacker } from "./packer.js";
import { compileScoring } from "./scoring.js";

/** A design in the interpreter: packing, gates and scores, 512 samples at a time. */
export interface Classifier {
  /**
   * The class of every sample.
   *
   * @param codes shape `[samples, features]`, row-major, quantised; fastest as bytes.
   * @returns shape `[samples]`.
   */
  predict(codes: ArrayLike<number>, samples: number): Uint16Array;
  /** The same from encoder bits, shape `[bits][words]`, 32 samples a word. */
  predictBits(bits: readonly Uint32Array[], samples: number): Uint16Array;
}

/**
 * Plan a design and put it into a memory of its own.
 *
 * @param module compiled from `kernels.wasm`.
 */
export function makeClassifier(module: WebAssembly.Module, design: Design): Classifier {
  const { encoder, core, readout } = design;
  const plan = new MemoryPlan();
  const placed = placeNetlist(core, plan);
  const scoring = compileScoring(readout, placed.program.outputs, placed.address);
  const scoringAt = plan.place(scoring.words);
  const classesAt = plan.reserve(2 * PASS);
  const inputs = placed.program.inputSlots.map((slot) => (slot < 0 ? -1 : placed.address(slot)));
  const packer = placePacker(encoder, inputs, plan);
  const machine = new Machine(module, plan, placed);
  const classes = new Uint16Array(machine.buffer, classesAt, PASS);

  const byPass = (samples: number, load: (from: number, count: number) => void): Uint16Array => {
    const predicted = new Uint16Array(samples);
    for (let from = 0; from < samples; from += PASS) {
      const count = Math.min(PASS, samples - from);
      load(from, count);
      machine.evaluate();
      machine.kernels.score(scoringAt, scoring.classes, scoring.planes, scoring.indexBits, classesAt);
      predicted.set(classes.subarray(0, count), from);
    }
    return predicted;
  };
  const predictBits = (bits: readonly Uint32Array[], samples: number): Uint16Array =>
    byPass(samples, (from) => machine.load(bits, from / 32));
  return {
    predictBits,
    predict(codes, samples) {
      checkCodes(encoder, codes, samples);
      const pack = packer(codes, machine);
      return pack === null
        ? predictBits(encodeSamples(encoder, codes, samples), samples)
        : byPass(samples, pack);
    },
  };
}
