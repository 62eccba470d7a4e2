import { extname } from "node:path";
import { count, percent } from "../../../base/format.js";
import { featureOffsets } from "../../../compiler/ir/encoder.js";
import { accuracyOf } from "../../../compiler/ir/labelled-bits.js";
import { encodeModel } from "../../../compiler/model/codec.js";
import { type Model, trainedGates } from "../../../compiler/model/model.js";
import type { Config } from "../../config/schema.js";
import { checkImport, importNetwork } from "../../import/import-network.js";
import { plotSvg, type Series } from "../../report/plot.js";
import { predictHard } from "../../train/evaluate.js";
import { gibibytes } from "../../train/memory.js";
import { predictSoft } from "../../train/soft.js";
import type { HistoryRow } from "../../train/state.js";
import { type TrainHooks, train } from "../../train/train.js";
import { sha256, stableJson } from "../files.js";
import { chooseEncoder, encodeSplit, type PreparedData, trainingData } from "../prepared-data.js";
import type { Stage, StageContext } from "../stage.js";

export const MODEL = "model.safetensors";
const CURVE = "training.csv";
const CURVE_PLOT = "training.svg";
const CHECKPOINT = "checkpoint.safetensors";

const optionsOf = ({ seed, data, encoder, import: imported, network, train: options }: Config): unknown => ({
  seed,
  import: { ...imported, file: imported.file === null ? null : extname(imported.file) },
  data: {
    ...data,
    source: undefined,
    test: undefined,
    exclude: data.exclude !== null,
    files: data.test === null ? 1 : 2,
  },
  encoder,
  network,
  train: { ...options, threads: undefined },
});

/** Train a network on the data set: writes the model file and the curves. */
export const trainStage: Stage = {
  name: "train",
  summary:
    "train a network, or import one: writes model.safetensors, and the curves as training.csv and training.svg",
  after: [],
  inputs: () => [],
  options: optionsOf,
  versions: async () => ({}),
  check: ({ config }) => checkImport(config),
  // A network is hours of work and true whoever trained it: all that follows is measured and proved on the model file.
  outlivesBuild: true,
  readsData: true,
  sections: ({ dataset, accuracy, gates, encoder, verification }) => ({
    import: verification.import,
    dataset,
    accuracy,
    encoder,
    trained: gates?.trained,
    shared: gates?.shared,
  }),
  clear(report) {
    report.dataset = null;
    report.accuracy = null;
    report.gates = null;
    report.encoder = null;
    report.verification.import = null;
  },
  async execute(context) {
    const { config, run } = context;
    const { file } = config.import;
    run.remove(CURVE);
    run.remove(CURVE_PLOT);
    const { model, files } = file === null ? await trained(context) : await imported(context, file);
    run.write(MODEL, encodeModel(model));
    await measure(context, model);
    return [MODEL, ...files];
  },
};

interface Made {
  readonly model: Model;
  /** Files that came with it. */
  readonly files: readonly string[];
}

async function trained(context: StageContext): Promise<Made> {
  const { config, run } = context;
  const data = await context.data();
  const encoder = chooseEncoder(data, config);
  const { model, history } = await train(
    trainingData(data, encoder, config),
    { ...config.network, ...config.train, seed: config.seed },
    hooksOf(context, identityOf(data)),
  );
  run.write(CURVE, curveText(history));
  run.write(CURVE_PLOT, plotCurve(config.name, history));
  run.remove(CHECKPOINT);
  return { model, files: [CURVE, CURVE_PLOT] };
}

async function imported(context: StageContext, file: string): Promise<Made> {
  const { model, verdict } = await importNetwork(context, file);
  context.report.verification.import = verdict;
  context.watcher.line(`${file}${verdict === null ? "" : `: model = circuit ${verdict}`}`);
  return { model, files: [] };
}

/** What the network is and how often it is right. */
async function measure({ config, report, data: load }: StageContext, model: Model): Promise<void> {
  const data = await load();
  const { encoder } = model;
  const [validation, test] = [encodeSplit(encoder, data.validation), encodeSplit(encoder, data.test)];
  report.dataset = {
    name: data.dataset.name,
    train: data.train.count,
    validation: data.validation.count,
    test: data.test.count,
    features: data.dataset.features.length,
    classes: data.dataset.classNames.length,
  };
  report.encoder = {
    features: encoder.features.length,
    bits: encoder.bits.length,
    width: featureOffsets(encoder).at(-1)!,
  };
  const { shared, unrolled } = trainedGates(model.layers);
  report.gates = { trained: unrolled, shared, frozen: null, final: null };
  const soft = config.train.mode === "soft" && config.import.file === null;
  report.accuracy = {
    validation: accuracyOf(predictHard(model, validation.bits, validation.samples), validation.labels),
    test: accuracyOf(predictHard(model, test.bits, test.samples), test.labels),
    testSoft: soft ? accuracyOf(predictSoft(model, test.bits, test.samples), test.labels) : null,
  };
}

/** Progress, checkpoints on the way and the checkpoint to go on from, if it is of the same training. */
function hooksOf({ config, run, watcher, signal, force }: StageContext, data: string): TrainHooks {
  const identity = sha256(stableJson([optionsOf(config), data]));
  if (force) run.remove(CHECKPOINT);
  const found = run.exists(CHECKPOINT) ? run.read(CHECKPOINT) : undefined;
  return {
    signal,
    identity,
    where: run.absolute(CHECKPOINT),
    checkpoint: (bytes: Uint8Array): void => run.write(CHECKPOINT, bytes),
    ...(found === undefined ? {} : { resume: found }),
    onBegin: ({ gates, parameters, bytes }): void =>
      watcher.line(`${count(gates)} gates, ${count(parameters)} parameters, at most ${gibibytes(bytes)}`),
    onNotice: (text): void => watcher.line(text),
    onProgress: (p): void => {
      const fields: Record<string, string> = { loss: p.loss.toFixed(3), train: percent(p.trainAccuracy) };
      if (p.validationAccuracy !== null) fields["validation"] = percent(p.validationAccuracy);
      fields["samples/s"] = count(Math.round(p.samplesPerSecond));
      watcher.progress(p.step, p.steps, "training", fields);
    },
  };
}

/** What the samples are, for a checkpoint that is only good for the same ones. */
const identityOf = ({ dataset, train }: PreparedData): string =>
  sha256(Buffer.from(train.values.buffer)) + dataset.classNames.join();

function curveText(history: readonly HistoryRow[]): string {
  const rows = history.map(({ step, loss, trainAccuracy, validationAccuracy }) =>
    [step, loss, trainAccuracy, validationAccuracy].join(),
  );
  return `${["step,loss,train_accuracy,validation_accuracy", ...rows].join("\n")}\n`;
}

/** Loss and accuracies over the steps, one plot above the other. */
function plotCurve(name: string, history: readonly HistoryRow[]): string {
  const line = (label: string, value: (row: HistoryRow) => number): Series => ({
    name: label,
    mark: "line",
    points: history.map((row) => [row.step, value(row)]),
  });
  const x = { label: "steps" };
  return plotSvg([
    { title: `${name}: loss`, x, y: { label: "nats" }, series: [line("training", ({ loss }) => loss)] },
    {
      title: `${name}: accuracy`,
      x,
      y: { label: "share right" },
      series: [
        line("training", ({ trainAccuracy }) => trainAccuracy),
        line("validation", ({ validationAccuracy }) => validationAccuracy),
      ],
    },
  ]);
}
