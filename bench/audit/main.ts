import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { accuracyOf } from "../../compiler/ir/labelled-bits.js";
import type { Model } from "../../compiler/model/model.js";
import { suspects, suspectsCsv } from "../../src/audit/audit.js";
import { type HeldOut, judgeHeldOut } from "../../src/audit/held-out.js";
import { type Config, ConfigSchema } from "../../src/config/schema.js";
import type { Dataset } from "../../src/data/dataset.js";
import { loadDataset } from "../../src/data/load.js";
import { median } from "../../src/flow/median.js";
import { encodeSplit, prepareData } from "../../src/flow/prepared-data.js";
import { predictHard } from "../../src/train/evaluate.js";
import { flippedLabels } from "./flip.js";
import { HOOKS, trained, trainedOn } from "./networks.js";

const USAGE = `npm run bench:audit -- [options]

MNIST with some training labels replaced at random: how well dbnc audit-labels names them, and the test accuracy of a network
trained on all samples, of one trained without the named ones, and of the first one trained on without them. Results are
appended to bench/audit/results.csv; what is there already is not run again. Medians over the seeds are printed at the end.

  --data <folder>      of MNIST's files (default: ../shared/data/mnist)
  --rates <x,…>        shares of the labels that are replaced (default: 0.1,0.3)
  --seeds <n,…>        (default: 1,2,3)
  --layers <n,n,…>     gates in each layer (default: 1000,1000)
  --epochs <n>         of each training (default: 10)
`;
const RESULTS = "bench/audit/results.csv";
const HEAD = "rate,seed,what,value,cpu_seconds";
const PROBABILITIES = [0.5, 0.9, 0.99];

const { values } = parseArgs({
  options: {
    data: { type: "string", default: "../shared/data/mnist" },
    rates: { type: "string", default: "0.1,0.3" },
    seeds: { type: "string", default: "1,2,3" },
    layers: { type: "string", default: "1000,1000" },
    epochs: { type: "string", default: "10" },
    help: { type: "boolean" },
  },
});
const numbers = (text: string): number[] => text.split(",").map(Number);

if (values.help === true) process.stdout.write(USAGE);
else {
  if (!existsSync(RESULTS)) appendFileSync(RESULTS, `${HEAD}\n`);
  for (const rate of numbers(values.rates)) for (const seed of numbers(values.seeds)) await bench(rate, seed);
  for (const rate of numbers(values.rates)) printMedians(rate);
}

async function bench(rate: number, seed: number): Promise<void> {
  if (rows(rate).some((row) => row.seed === seed && row.what === "tuned without the named")) return;
  const config = configOf(seed);
  const clean = loadDataset(config.data, seed);
  const labels = flippedLabels(clean.train.labels, clean.classNames.length, rate, seed);
  const dataset: Dataset = { ...clean, train: { ...clean.train, labels } };
  const begin = process.cpuUsage();
  const put = (what: string, value: number): void => {
    const line = [rate, seed, what, value.toFixed(4), cpuSince(begin).toFixed(0)].join();
    appendFileSync(RESULTS, `${line}\n`);
    process.stdout.write(`${line}\n`);
  };
  const judged = await judgeHeldOut(dataset, config, 3, () => HOOKS);
  for (const p of PROBABILITIES) nameThem(labels, clean.train.labels, judged, p, put);

  const folder = mkdtempSync(join(tmpdir(), "bench-audit-"));
  try {
    const exclude = join(folder, "suspects.csv");
    writeFileSync(exclude, suspectsCsv(suspects(labels, judged, 0.5), dataset.classNames));
    const without: Config = { ...config, data: { ...config.data, exclude } };
    const all = await trained(dataset, config);
    put("trained on all", testAccuracy(all, dataset, config));
    put("trained without the named", testAccuracy(await trained(dataset, without), dataset, config));
    put("tuned on all", testAccuracy(await trainedOn(all, dataset, config), dataset, config));
    put("tuned without the named", testAccuracy(await trainedOn(all, dataset, without), dataset, config));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function configOf(seed: number): Config {
  return ConfigSchema.parse({
    seed,
    data: { source: values.data },
    network: { layers: numbers(values.layers), temperature: 6 },
    train: { epochs: Number(values.epochs), threads: 1 },
  });
}

/** Precision and recall of what is named from a probability on. */
function nameThem(
  labels: Uint16Array,
  truth: Uint16Array,
  judged: HeldOut,
  from: number,
  put: (what: string, value: number) => void,
): void {
  const found = suspects(labels, judged, from);
  const hits = found.filter(({ sample }) => labels[sample] !== truth[sample]).length;
  const wrong = labels.reduce((n, label, s) => n + Number(label !== truth[s]), 0);
  if (found.length > 0) put(`precision from ${from}`, hits / found.length);
  put(`recall from ${from}`, hits / wrong);
}

function testAccuracy(model: Model, dataset: Dataset, config: Config): number {
  const { bits, samples, labels } = encodeSplit(model.encoder, prepareData(dataset, config).test);
  return accuracyOf(predictHard(model, bits, samples), labels);
}

function cpuSince(begin: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1e6;
}

interface Row {
  readonly seed: number;
  readonly what: string;
  readonly value: number;
}

function rows(rate: number): Row[] {
  return readFileSync(RESULTS, "utf8")
    .split("\n")
    .map((line) => line.split(","))
    .filter(([own]) => Number(own) === rate)
    .map(([, seed, what, value]) => ({ seed: Number(seed), what: what!, value: Number(value) }));
}

function printMedians(rate: number): void {
  const found = rows(rate);
  process.stdout.write(`\n${100 * rate}% flipped, medians\n`);
  for (const what of new Set(found.map((row) => row.what))) {
    const own = found.filter((row) => row.what === what).map(({ value }) => value);
    process.stdout.write(`${what.padEnd(28)} ${(100 * median(own)).toFixed(2)}%  (${own.length} seeds)\n`);
  }
}
