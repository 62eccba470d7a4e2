import { Command } from "commander";
import { UserError } from "../../base/errors.js";
import { count } from "../../base/format.js";
import { type Suspect, suspects, suspectsCsv } from "../audit/audit.js";
import { judgeHeldOut } from "../audit/held-out.js";
import { loadConfig } from "../config/load.js";
import type { Dataset } from "../data/dataset.js";
import { loadDataset } from "../data/load.js";
import { writeFileAtomic } from "../flow/files.js";
import type { Watcher } from "../flow/stage.js";
import type { TrainHooks } from "../train/train.js";
import { interruptible } from "./interrupt.js";
import {
  addCommonOptions,
  addConfigOptions,
  type CommonOptions,
  type ConfigOptions,
  overridesOf,
} from "./options.js";
import { jsonWatcher, silentWatcher, terminalWatcher } from "./watch.js";

const EXAMPLES = `
Examples:
  dbnc audit-labels --data ../shared/data/mnist --layers 1000,1000 --epochs 8 -o suspects.csv
  dbnc audit-labels -c mnist.yaml --folds 5 --json
  dbnc build -c mnist.yaml --set data.exclude=suspects.csv      train without the samples it names

For each of the folds, a network is trained on the others and judges it. One line a suspect: the number of the training sample
(from 0, as they are read), its label, the class that the network gives, and the probability that the label is wrong.`;

interface AuditOptions extends ConfigOptions, CommonOptions {
  readonly folds: number;
  readonly probability: number;
  readonly output?: string;
}

/** `dbnc audit-labels`: name the training samples whose label is probably wrong. */
export function auditLabelsCommand(): Command {
  const command = new Command("audit-labels")
    .description("name the training samples whose label is probably wrong")
    .option(
      "--folds <n>",
      "parts of the training samples, each judged by a network that was trained on the others",
      Number,
      3,
    )
    .option("--probability <p>", "name labels that are wrong with at least this probability", Number, 0.5)
    .option("-o, --output <file>", "write there instead of standard output");
  addCommonOptions(addConfigOptions(command)).addHelpText("after", EXAMPLES);
  return command.action(audit);
}

async function audit(options: AuditOptions): Promise<void> {
  const config = loadConfig(options.config, overridesOf(options));
  const dataset = loadDataset(config.data, config.seed);
  checkFolds(options.folds, dataset);
  checkProbability(options.probability);
  const terminal = terminalWatcher(process.stderr);
  const loud = options.json === true ? jsonWatcher(process.stderr) : terminal;
  const watcher = options.quiet === true ? silentWatcher : loud;
  const judged = await interruptible(
    (signal) =>
      judgeHeldOut(dataset, config, options.folds, (fold) =>
        hooksOf(fold, options.folds, watcher, signal),
      ).finally(terminal.stop),
    "nothing was written",
  );
  const found = suspects(dataset.train.labels, judged, options.probability);
  const text =
    options.json === true
      ? `${JSON.stringify(found.map((suspect) => named(suspect, dataset)))}\n`
      : suspectsCsv(found, dataset.classNames);
  if (options.output === undefined) process.stdout.write(text);
  else writeFileAtomic(options.output, text);
  watcher.line(`${count(found.length)} of ${count(dataset.train.count)} labels are probably wrong`);
}

const named = ({ label, suggested, ...rest }: Suspect, { classNames }: Dataset): object => ({
  ...rest,
  label: classNames[label]!,
  suggested: classNames[suggested]!,
});

function checkFolds(folds: number, { train }: Dataset): void {
  if (Number.isInteger(folds) && folds >= 2 && folds <= train.count) return;
  throw new UserError(
    "usage/folds",
    `--folds: expected a whole number from 2 to the ${train.count} training samples but found ${folds}`,
    "3 is a good start",
  );
}

function checkProbability(p: number): void {
  if (p > 0 && p < 1) return;
  throw new UserError(
    "usage/probability",
    `--probability: expected a number between 0 and 1 but found ${p}`,
    "0.5 is a good start; more names fewer labels, more surely",
  );
}

function hooksOf(fold: number, folds: number, watcher: Watcher, signal: AbortSignal): TrainHooks {
  return {
    signal,
    identity: "",
    where: "",
    onBegin: () => {},
    checkpoint: () => {},
    onNotice: (text) => watcher.line(text),
    onProgress: ({ step, steps, loss }) =>
      watcher.progress(fold * steps + step, folds * steps, "auditing", {
        fold: `${fold + 1} of ${folds}`,
        loss: loss.toFixed(3),
      }),
  };
}
