import { UserError } from "../../base/errors.js";
import type { Model } from "../../compiler/model/model.js";
import { adamStep } from "./adam.js";
import { predictHard } from "./evaluate.js";
import { hardPass } from "./hard.js";
import { initialiseModel, type NetworkOptions } from "./initialise.js";
import { crossEntropy } from "./loss.js";
import type { Pass } from "./pass.js";
import { learningRate } from "./schedule.js";
import { softPass } from "./soft.js";
import { decodeState, encodeState, freshState, type HistoryRow, type TrainingState } from "./state.js";
import type { TrainingData } from "./training-data.js";

export interface TrainOptions extends NetworkOptions {
  readonly seed: number;
  /** Bits while training, or their relaxation; validated hard either way. */
  readonly mode: "hard" | "soft";
  /** Passes over the training samples. */
  readonly epochs: number;
  /** Train at least this long, however few samples there are. */
  readonly minimumSteps: number;
  /** Samples a step. */
  readonly batch: number;
  /** Adam's peak rate. */
  readonly learningRate: number;
}

export interface TrainProgress {
  readonly step: number;
  readonly steps: number;
  /** Mean cross-entropy since the last validation, nats. */
  readonly loss: number;
  readonly trainAccuracy: number;
  /** Of the hard network; null before the first validation. */
  readonly validationAccuracy: number | null;
}

export interface TrainHooks {
  readonly onProgress: (progress: TrainProgress) => void;
  /** Called at every validation and when stopped, with all that is needed to go on. */
  readonly checkpoint: (bytes: Uint8Array) => void;
  readonly signal: AbortSignal;
  /** Says what is being trained; a checkpoint of anything else is not used. */
  readonly identity: string;
  /** A checkpoint to go on from. */
  readonly resume?: Uint8Array;
}

export interface Trained {
  /** The network as it was when it did best on validation samples. */
  readonly model: Model;
  readonly history: readonly HistoryRow[];
}

/** Validations over the whole training at most. */
const VALIDATIONS = 50;
/** Milliseconds between pauses in which signals and the terminal are served. */
const SLICE = 40;

/**
 * Train a network. The same data, options and seed give the same bits, also through a stop and a resume.
 *
 * @throws {UserError} for sizes that do not fit or a class without samples.
 * @throws {DOMException} `AbortError` after a checkpoint, when the signal was given.
 */
export async function train(data: TrainingData, options: TrainOptions, hooks: TrainHooks): Promise<Trained> {
  checkData(data);
  const resumed = hooks.resume === undefined ? undefined : decodeState(hooks.resume, hooks.identity);
  const state = freshState(initialiseModel(data, options, options.seed), data, options);
  if (resumed !== undefined) state.load(resumed);
  const stepsPerEpoch = Math.ceil(data.train.samples / options.batch);
  const steps = Math.max(options.epochs * stepsPerEpoch, options.minimumSteps);
  const interval = Math.max(stepsPerEpoch, Math.ceil(steps / VALIDATIONS));
  const step = stepper(state, data, options, steps);
  const save = (): void => hooks.checkpoint(encodeState(state, hooks.identity));
  for (let pause = performance.now() + SLICE; state.step < steps; ) {
    step();
    if (state.step % interval === 0 || state.step === steps) {
      validate(state, data);
      save();
    }
    if (performance.now() < pause && state.step < steps) continue;
    hooks.onProgress(progressOf(state, steps, options));
    await new Promise((resolve) => setImmediate(resolve));
    if (hooks.signal.aborted) {
      save();
      hooks.signal.throwIfAborted();
    }
    pause = performance.now() + SLICE;
  }
  return { model: { ...state.model, layers: state.best }, history: state.history };
}

function checkData({ train, classNames }: TrainingData): void {
  const count = new Uint32Array(classNames.length);
  for (const label of train.labels) count[label]!++;
  const none = count.indexOf(0);
  if (none < 0) return;
  throw new UserError(
    "train/empty-class",
    `data: expected training samples of every class but found none of "${classNames[none]}"`,
    "add samples, or leave less for validation and test",
  );
}

/** One step: batch, forward, loss, backward, Adam. */
function stepper(state: TrainingState, data: TrainingData, options: TrainOptions, steps: number): () => void {
  const { model, batches, moments } = state;
  const hard = options.mode === "hard";
  const pass: Pass = hard ? hardPass(model, options.batch) : softPass(model, options.batch);
  const classes = data.classNames.length;
  const dScores = new Float32Array(classes * pass.stride);
  // Straight-through gradients are sums over the batch and leave the temperature out: Adam divides scales out again.
  const scale = hard ? 1 : 1 / (options.batch * model.temperature);
  return () => {
    const rate = learningRate(options.learningRate, state.step, steps);
    batches.next();
    pass.forward(batches.bits);
    const { loss, right } = crossEntropy(
      pass.scores,
      batches.labels,
      classes,
      pass.stride,
      model.temperature,
      scale,
      dScores,
    );
    pass.backward(dScores);
    state.step++;
    model.layers.forEach((layer, l) => {
      adamStep(layer.wireLogits, pass.gradients[l]!.wire, moments[l]!.wire, rate, state.step);
      adamStep(layer.gateLogits, pass.gradients[l]!.gate, moments[l]!.gate, rate, state.step);
    });
    state.sinceValidation.steps++;
    state.sinceValidation.loss += loss;
    state.sinceValidation.right += right;
  };
}

/** Measure the hard network on the validation samples and keep the best one. */
function validate(state: TrainingState, { validation }: TrainingData): void {
  const predicted = predictHard(state.model, validation.bits, validation.samples);
  const right = predicted.reduce((sum, cls, s) => sum + Number(cls === validation.labels[s]), 0);
  const accuracy = validation.samples === 0 ? 0 : right / validation.samples;
  const { steps, loss } = state.sinceValidation;
  const trainAccuracy = state.sinceValidation.right / (steps * state.batches.batch);
  const best = Math.max(-1, ...state.history.map((row) => row.validationAccuracy));
  if (accuracy >= best) state.keepBest();
  state.history.push({ step: state.step, loss: loss / steps, trainAccuracy, validationAccuracy: accuracy });
  state.sinceValidation = { steps: 0, loss: 0, right: 0 };
}

function progressOf(
  { step, history, sinceValidation }: TrainingState,
  steps: number,
  { batch }: TrainOptions,
): TrainProgress {
  const last = history.at(-1);
  const validationAccuracy = last?.validationAccuracy ?? null;
  if (sinceValidation.steps === 0 && last !== undefined) {
    return { step, steps, loss: last.loss, trainAccuracy: last.trainAccuracy, validationAccuracy };
  }
  const { steps: n, loss, right } = sinceValidation;
  return { step, steps, loss: loss / n, trainAccuracy: right / (n * batch), validationAccuracy };
}
