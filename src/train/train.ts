import { UserError } from "../../base/errors.js";
import { accuracyOf } from "../../compiler/ir/labelled-bits.js";
import type { Model } from "../../compiler/model/model.js";
import { type Engine, type MakeEngine, plainEngine, type StepResults } from "./engine.js";
import { predictHard } from "./evaluate.js";
import { DEFAULT_CANDIDATES, initialiseModel, type NetworkOptions } from "./initialise.js";
import { wasmEngine } from "./kernels/engine.js";
import { requireMemory, type TrainingSize, trainingSize } from "./memory.js";
import { candidateRedrawer, type Redraw } from "./redraw.js";
import { tensorflowEngine } from "./reference/engine.js";
import { Sampler } from "./sampler.js";
import { learningRate } from "./schedule.js";
import { decodeState, encodeState, freshState, type HistoryRow, type TrainingState } from "./state.js";
import type { TrainingData } from "./training-data.js";
import { makeWarp, unmovedFrom, WARP_MAPS, type WarpOptions } from "./warp.js";

/** How a network is trained, whatever network it is. */
export interface StepOptions {
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
  /** Decoupled weight decay of all logits: a step multiplies by `1 - rate * decay`. */
  readonly weightDecay: number;
  /** Draw samples that the network still gets wrong more often. */
  readonly importance: boolean;
  /** How training images are moved at random; null for not at all. */
  readonly augment: WarpOptions | null;
  /** What does the steps. */
  readonly engine: EngineName;
  /** Threads of the wasm engine; null for one a core. Does not change the result. */
  readonly threads: number | null;
}

export interface TrainOptions extends NetworkOptions, StepOptions {
  /** Of every gate input's candidates, the share that is drawn anew at a validation, the weakest first; 0 for none. */
  readonly redraw: number;
}

/**
 * `wasm` trains in hard mode; soft mode is done by `plain` loops either way. `tensorflow` trains dense
 * layers in any mode.
 */
export type EngineName = "wasm" | "plain" | "tensorflow";

export interface TrainProgress {
  readonly step: number;
  readonly steps: number;
  /** Mean cross-entropy since the last validation, nats. */
  readonly loss: number;
  readonly trainAccuracy: number;
  /** Of the hard network; null before the first validation. */
  readonly validationAccuracy: number | null;
  /** Training samples a second, lately. */
  readonly samplesPerSecond: number;
}

/** Of the steps, whatever network they train. */
export interface StepHooks {
  readonly onProgress: (progress: TrainProgress) => void;
  /** Something that the user may want to change, such as a slow build of TensorFlow.js. */
  readonly onNotice: (text: string) => void;
  /** Called at every validation, twice a minute and when stopped, with all that is needed to go on. */
  readonly checkpoint: (bytes: Uint8Array) => void;
  readonly signal: AbortSignal;
  /** Says what is being trained, for checkpoints. */
  readonly identity: string;
  /** Where checkpoints stand, for errors. */
  readonly where: string;
  /** A checkpoint to go on from. */
  readonly resume?: Uint8Array;
}

export interface TrainHooks extends StepHooks {
  /** Called before any memory is taken. */
  readonly onBegin: (size: TrainingSize) => void;
}

export interface Trained {
  /** The network as it was when it did best on validation samples. */
  readonly model: Model;
  readonly history: readonly HistoryRow[];
}

/** Validations over the whole training at most. */
const VALIDATIONS = 50;
/** Part of the training in which candidates are redrawn: what was drawn last has to be learned. */
const REDRAW_UNTIL = 0.7;
/** Milliseconds of steps between looks at signals and the terminal. */
const SLICE = 50;
/** Milliseconds between checkpoints at most. */
const CHECKPOINT_INTERVAL = 30_000;

/** Train a new network, as `trainModel` does. @throws {UserError} also for sizes that do not fit. */
export async function train(data: TrainingData, options: TrainOptions, hooks: TrainHooks): Promise<Trained> {
  const size = trainingSize(options, options.candidates ?? DEFAULT_CANDIDATES, options.batch, data);
  hooks.onBegin(size);
  requireMemory(size);
  const model = initialiseModel(data, options, options.seed);
  const redraw = options.redraw > 0 ? candidateRedrawer(model, data, options) : null;
  return trainModel(model, data, options, hooks, redraw);
}

/**
 * Train a network from the logits that it has; they are changed. The same model, data, options and seed give the same
 * bits, also through a stop and a resume, and with any number of threads.
 *
 * @param redraw exchanges candidates at validations.
 * @throws {UserError} for a class without samples, a checkpoint that is not of this training, or logits that are no longer
 * finite.
 * @throws {DOMException} `AbortError` after a checkpoint, when the signal was given.
 */
export async function trainModel(
  model: Model,
  data: TrainingData,
  options: StepOptions,
  hooks: StepHooks,
  redraw: Redraw | null = null,
): Promise<Trained> {
  checkData(data);
  const resumed = hooks.resume === undefined ? undefined : decodeState(hooks.resume, hooks);
  const { augment, seed, batch, importance } = options;
  const warp = augment === null ? null : makeWarp(data, data.codes!, augment, seed);
  const sampler = new Sampler(data.train.samples, {
    batch,
    seed,
    importance,
    maps: warp === null ? 0 : WARP_MAPS,
  });
  const state = freshState(model, sampler);
  if (resumed !== undefined) state.load(resumed);
  const engine = await makeEngine(
    options,
    hooks,
  )({
    model: state.model,
    moments: state.moments,
    data: data.train,
    warp,
    batch,
    mode: options.mode,
    decay: options.weightDecay,
  });
  try {
    await runSteps(engine, state, data, redraw, options, hooks);
  } finally {
    await engine.close();
  }
  return { model: { ...state.model, layers: state.best }, history: state.history };
}

function makeEngine({ engine, mode, threads }: StepOptions, { onNotice }: StepHooks): MakeEngine {
  if (engine === "tensorflow") return tensorflowEngine(onNotice);
  return engine === "wasm" && mode === "hard" ? wasmEngine(threads ?? undefined) : plainEngine;
}

/** Steps in slices, with validations and checkpoints between them. */
async function runSteps(
  engine: Engine,
  state: TrainingState,
  data: TrainingData,
  redraw: Redraw | null,
  options: StepOptions,
  hooks: StepHooks,
): Promise<void> {
  const { sampler } = state;
  const steps = Math.max(options.epochs * sampler.stepsPerEpoch, options.minimumSteps);
  const interval = Math.max(sampler.stepsPerEpoch, Math.ceil(steps / VALIDATIONS));
  const unmoved = unmovedFrom(options.augment, steps);
  const checkpoint = (): void => {
    checkFinite(state, options);
    hooks.checkpoint(encodeState(state, hooks.identity));
  };
  let saved = performance.now();
  for (let size = 1; state.step < steps; ) {
    const begin = performance.now();
    const next = state.step < unmoved ? unmoved : steps;
    const most = Math.min(size, next - state.step, interval - (state.step % interval));
    const batches = sampler.draw(most, state.step < unmoved);
    const rates = Float32Array.from({ length: batches.steps }, (_, k) =>
      learningRate(options.learningRate, state.step + k, steps),
    );
    const results = await engine.train(batches, state.step, rates);
    sampler.learn(batches.chosen, results.shares);
    note(state, batches.steps, results);
    const milliseconds = performance.now() - begin;
    size = Math.max(1, Math.min(2 * size, Math.round((batches.steps * SLICE) / milliseconds)));
    const validated = state.step % interval === 0 || state.step === steps;
    if (validated) {
      engine.save();
      validate(state, data, options.batch);
      if (redraw !== null && state.step < REDRAW_UNTIL * steps) {
        redraw(state.model, state.moments, state.step);
        engine.load();
      }
    }
    hooks.onProgress({
      ...progressOf(state, steps, options),
      samplesPerSecond: (1000 * results.losses.length) / milliseconds,
    });
    await new Promise((resolve) => setImmediate(resolve));
    if (validated || hooks.signal.aborted || performance.now() > saved + CHECKPOINT_INTERVAL) {
      if (!validated) engine.save();
      checkpoint();
      saved = performance.now();
    }
    hooks.signal.throwIfAborted();
  }
}

/** Hard networks have finite losses whatever becomes of their logits, so those are looked at. */
function checkFinite({ model, step }: TrainingState, { learningRate: rate }: StepOptions): void {
  const broken = model.layers.some(
    ({ wireLogits, gateLogits }) => !wireLogits.every(Number.isFinite) || !gateLogits.every(Number.isFinite),
  );
  if (!broken) return;
  throw new UserError(
    "train/diverged",
    `training: expected finite logits but found others by step ${step}, at a learning rate of ${rate}`,
    "choose a smaller train.learningRate or network.temperature",
  );
}

function note(state: TrainingState, steps: number, { losses, right }: StepResults): void {
  state.step += steps;
  const since = state.sinceValidation;
  since.steps += steps;
  for (let i = 0; i < losses.length; i++) {
    since.loss += losses[i]!;
    since.right += right[i]!;
  }
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

/** Measure the hard network on the validation samples and keep the best one. */
function validate(state: TrainingState, { validation }: TrainingData, batch: number): void {
  const predicted = predictHard(state.model, validation.bits, validation.samples);
  const accuracy = accuracyOf(predicted, validation.labels);
  const { steps, loss, right: trained } = state.sinceValidation;
  const samples = steps * batch;
  const best = Math.max(-1, ...state.history.map((row) => row.validationAccuracy));
  if (accuracy >= best) state.keepBest();
  state.history.push({
    step: state.step,
    loss: loss / samples,
    trainAccuracy: trained / samples,
    validationAccuracy: accuracy,
  });
  state.sinceValidation = { steps: 0, loss: 0, right: 0 };
}

function progressOf(
  { step, history, sinceValidation }: TrainingState,
  steps: number,
  { batch }: StepOptions,
): Omit<TrainProgress, "samplesPerSecond"> {
  const last = history.at(-1);
  const validationAccuracy = last?.validationAccuracy ?? null;
  if (sinceValidation.steps === 0 && last !== undefined) {
    return { step, steps, loss: last.loss, trainAccuracy: last.trainAccuracy, validationAccuracy };
  }
  const { steps: n, loss, right } = sinceValidation;
  return { step, steps, loss: loss / (n * batch), trainAccuracy: right / (n * batch), validationAccuracy };
}
