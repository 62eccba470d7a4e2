import { invariant } from "../../base/errors.js";
import type { Design } from "../../compiler/ir/design.js";
import { classScores } from "../../compiler/ir/readout.js";
import { foldReadout } from "../../compiler/prune/readout-fold.js";
import { simulate } from "../../compiler/simulate/bit-parallel.js";
import { adamStep, zeroMoments } from "./adam.js";
import { makeGather } from "./gather.js";
import { crossEntropy } from "./loss.js";
import { Sampler } from "./sampler.js";
import { learningRate } from "./schedule.js";
import type { StepOptions } from "./train.js";
import type { TrainingData } from "./training-data.js";
import { addSlopes, readoutOf, termGradient, withMoreTerms } from "./vote-terms.js";
import { makeWarp, unmovedFrom, WARP_MAPS } from "./warp.js";

export interface VoteOptions extends Pick<StepOptions, "seed" | "epochs" | "importance" | "augment"> {
  /** Divides the scores before the softmax. */
  readonly temperature: number;
  /** What was pruned, before it was: half of what the scores are trained towards is its softmax, the other half the labels. */
  readonly teacher: Design;
}

export interface VoteHooks {
  readonly onProgress: (step: number, steps: number) => void;
  readonly signal: AbortSignal;
}

/** Adam's peak rate. */
const RATE = 0.05;
/** Samples a step: many, since there are few parameters. */
const BATCH = 512;
/** Terms that are tried beside those there are, as a share of them. */
const MORE = 0.3;
/** Batches by which those are chosen. */
const LOOKS = 8;
/** How much of the running mean of the parameters a step keeps: rounded, they would jump with every step. */
const KEPT = 0.99;
/** The teacher's part of the targets; labels alone are learned by heart. */
const TAUGHT = 0.5;

/**
 * Train which class each vote counts for and what it weighs, and the offsets, with the gates as they are. Weights are powers of
 * two with a sign and there are never more terms than before, so the popcounts do not get larger; gradients go straight
 * through the rounding. Of the running mean of the parameters, the readout with the least validation loss is taken, the given
 * one among them. Targets are labels and the softmax of the network before pruning (Hinton, Vinyals and Dean 2015, section 2).
 *
 * @param design with its readout folded (`foldReadout`); the result's is folded too.
 */
export async function trainVotes(
  design: Design,
  data: TrainingData,
  options: VoteOptions,
  { signal, onProgress }: VoteHooks,
): Promise<Design> {
  const batches = batchesOf(design, data, options);
  const classes = design.readout.classNames.length;
  const slope = new Float32Array(design.core.outputs.length * classes);
  for (let look = 0; look < LOOKS; look++) {
    const { votes, byScore } = batches.next(design, true);
    addSlopes(votes, byScore, slope);
  }
  const terms = withMoreTerms(design.readout, slope, Math.round(MORE * design.readout.vote.length));
  const { parameters } = terms;
  const mean = Float32Array.from(parameters);
  const [gradient, moments] = [new Float32Array(parameters.length), zeroMoments(parameters.length)];
  let best = { design, loss: lossOf(design, data, options.temperature) };
  const steps = options.epochs * batches.stepsPerEpoch;
  const unmoved = unmovedFrom(options.augment, steps);
  for (let step = 1; step <= steps; step++) {
    const { votes, byScore } = batches.next({ ...design, readout: readoutOf(terms) }, step <= unmoved);
    termGradient(terms.readout, votes, byScore, gradient);
    const rate = learningRate(RATE, step - 1, steps);
    adamStep(parameters, gradient, moments, { rate, step, decay: 0 });
    const kept = Math.min(KEPT, step / (step + 10));
    parameters.forEach((parameter, i) => {
      mean[i] = kept * mean[i]! + (1 - kept) * parameter;
    });
    if (step % batches.stepsPerEpoch === 0) {
      const found = { ...design, readout: readoutOf({ ...terms, parameters: mean }) };
      const loss = lossOf(found, data, options.temperature);
      if (loss < best.loss) best = { design: foldReadout(found), loss };
    }
    onProgress(step, steps);
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
  }
  return best.design;
}

/** Batches of training samples, warped if that is asked for, through a design whose gates do not change. */
function batchesOf({ core }: Design, data: TrainingData, options: VoteOptions) {
  const { augment, seed, importance, temperature, teacher } = options;
  const { train } = data;
  invariant(teacher.core.inputs === core.inputs, "a teacher reads the inputs of what it teaches");
  const warp = augment === null ? null : makeWarp(data, data.codes!, augment, seed);
  const maps = warp === null ? 0 : WARP_MAPS;
  const sampler = new Sampler(train.samples, { batch: BATCH, seed, importance, maps });
  const gather = makeGather(train, BATCH, warp);
  const words = BATCH / 32;
  const bits = train.bits.map((_, i) => gather.bits.subarray(i * words, (i + 1) * words));
  const classes = data.classNames.length;
  const byScore = new Float32Array(classes * BATCH);
  const byTeacher = new Float64Array(byScore.length);
  return {
    stepsPerEpoch: sampler.stepsPerEpoch,
    /** The next batch's votes, moved or as they are, and the gradient by its scores, shape `[classes, BATCH]`. */
    next({ readout }: Design, moved: boolean) {
      const batch = sampler.draw(1, moved);
      gather.gather(batch.chosen, batch.maps);
      const votes = simulate(core, bits, words);
      const scores = transposed(classScores(readout, votes, BATCH), classes);
      const labels = Uint16Array.from(batch.chosen, (sample) => train.labels[sample]!);
      const shape = { classes, stride: BATCH, temperature, scale: 1 };
      const { shares } = crossEntropy(scores, labels, batch.weights, shape, byScore);
      sampler.learn(batch.chosen, shares);
      // (own - label) less a part of (teacher's - label) is own less the mean of the two targets.
      const taught = { ...shape, scale: -TAUGHT };
      crossEntropy(scoresOf(teacher, bits, BATCH), labels, batch.weights, taught, byTeacher);
      byTeacher.forEach((d, i) => {
        byScore[i]! += d;
      });
      return { votes, byScore };
    },
  };
}

/** Cross-entropy on the validation samples, which so few samples tell more surely than how many are right. */
function lossOf(design: Design, { validation }: TrainingData, temperature: number): number {
  const { bits, samples, labels } = validation;
  const scores = scoresOf(design, bits, samples);
  const shape = { classes: design.readout.classNames.length, stride: samples, temperature, scale: 1 };
  const { losses } = crossEntropy(
    scores,
    labels,
    new Float32Array(samples),
    shape,
    new Float32Array(scores.length),
  );
  return losses.reduce((sum, loss) => sum + loss, 0);
}

/** Shape `[classes, samples]`. */
function scoresOf({ core, readout }: Design, bits: readonly Uint32Array[], samples: number): Float32Array {
  const votes = simulate(core, bits, Math.ceil(samples / 32));
  return transposed(classScores(readout, votes, samples), readout.classNames.length);
}

/** Shape `[samples, classes]` to `[classes, samples]`. */
function transposed(scores: Int32Array, classes: number): Float32Array {
  const samples = scores.length / classes;
  return Float32Array.from(scores, (_, i) => scores[(i % samples) * classes + Math.floor(i / samples)]!);
}
