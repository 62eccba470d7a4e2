import type { Design } from "../ir/design.js";
import { checkCodes, encodeSamples } from "../ir/encoder.js";
import { MemoryPlan, PASS } from "./kernels.js";
import { Machine, placeNetlist } from "./machine.js";
import { placePacker } from "./packer.js";
import { compileScoring, type ScoringProgram } from "./scoring.js";

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
  /** The scores of every sample, shape `[samples, classes]`. */
  scores(bits: readonly Uint32Array[], samples: number): Int32Array;
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
  const sumsAt = plan.reserve((PASS / 8) * scoring.classes * scoring.planes);
  const inputs = placed.program.inputSlots.map((slot) => (slot < 0 ? -1 : placed.address(slot)));
  const packer = placePacker(encoder, inputs, plan);
  const machine = new Machine(module, plan, placed);
  const classes = new Uint16Array(machine.buffer, classesAt, PASS);

  type Load = (from: number, count: number) => void;
  const byPass = (samples: number, load: Load, then: Load): void => {
    for (let from = 0; from < samples; from += PASS) {
      const count = Math.min(PASS, samples - from);
      load(from, count);
      machine.evaluate();
      then(from, count);
    }
  };
  const classesOf = (samples: number, load: Load): Uint16Array => {
    const predicted = new Uint16Array(samples);
    byPass(samples, load, (from, count) => {
      machine.kernels.score(scoringAt, scoring.classes, scoring.planes, scoring.indexBits, classesAt);
      predicted.set(classes.subarray(0, count), from);
    });
    return predicted;
  };
  const predictBits = (bits: readonly Uint32Array[], samples: number): Uint16Array =>
    classesOf(samples, (from) => machine.load(bits, from / 32));
  return {
    predictBits,
    scores(bits, samples) {
      const scores = new Int32Array(samples * scoring.classes);
      const planes = new Uint32Array(machine.buffer, sumsAt, (PASS / 32) * scoring.classes * scoring.planes);
      const load: Load = (from) => machine.load(bits, from / 32);
      byPass(samples, load, (from, count) => {
        machine.kernels.sums(scoringAt, scoring.classes, scoring.planes, sumsAt);
        readScores(scoring, planes, scores.subarray(from * scoring.classes), count);
      });
      return scores;
    },
    predict(codes, samples) {
      checkCodes(encoder, codes, samples);
      const pack = packer(codes, machine);
      return pack === null
        ? predictBits(encodeSamples(encoder, codes, samples), samples)
        : classesOf(samples, pack);
    },
  };
}

/** Samples of a bit plane of `sums`. */
const LANE = 128;

/** Scores of a pass from their bit planes. @param into shape `[samples, classes]`, 0 before. */
function readScores(
  { least, classes, planes: height }: ScoringProgram,
  planes: Uint32Array,
  into: Int32Array,
  samples: number,
): void {
  for (let s = 0; s < samples; s++) {
    for (let c = 0; c < classes; c++) {
      const at = (Math.floor(s / LANE) * classes + c) * height * (LANE / 32) + ((s % LANE) >>> 5);
      let score = least;
      for (let k = 0; k < height; k++) score += ((planes[at + k * (LANE / 32)]! >>> (s & 31)) & 1) << k;
      into[s * classes + c] = score;
    }
  }
}
