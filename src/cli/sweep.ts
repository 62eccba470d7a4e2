import { join } from "node:path";
import { Command } from "commander";
import { UserError } from "../../base/errors.js";
import { percent } from "../../base/format.js";
import { suggest } from "../../base/nearest.js";
import { writeFileAtomic } from "../flow/files.js";
import { readSweep } from "../flow/sweep/file.js";
import { medianOf, type PointResult, paretoFront } from "../flow/sweep/halving.js";
import { sweepCsv, sweepPlot, sweepTable } from "../flow/sweep/results.js";
import { runSweep, type SweepEvent } from "../flow/sweep/sweep.js";
import { interruptible } from "./interrupt.js";
import { addLauncherOptions, type LauncherOptions, launcherOf } from "./launcher-options.js";
import { addCommonOptions, type CommonOptions, list } from "./options.js";
import { silentWatcher, terminalWatcher } from "./watch.js";

const EXAMPLES = `
Examples:
  dbnc sweep mnist-sweep.yaml                 to rtl-out/mnist-sweep; the same command goes on after a stop
  dbnc sweep mnist-sweep.yaml --max-parallel 2
  dbnc sweep mnist-sweep.yaml --launcher slurm --sbatch "--partition=short --cpus-per-task=4"
  dbnc sweep mnist-sweep.yaml --json          one JSON object a line: what happens, then the results
  dbnc sweep mnist-sweep.yaml --final         test accuracy of the best point, once all is decided

A sweep file (docs/sweep.md):
  base: mnist.yaml
  grid:
    network.candidates: [8, 16]
    train.learningRate: [0.02, 0.05, 0.1]
  seeds: [1, 2, 3]
  budget: [2, 8, 30]`;

interface SweepCommandOptions extends CommonOptions, LauncherOptions {
  readonly out: string;
  readonly final?: true | readonly string[];
}

/** `dbnc sweep`: search over configuration keys, ranked by validation accuracy. */
export function sweepCommand(): Command {
  const command = new Command("sweep")
    .description("search over configuration keys: a grid or random points, with successive halving")
    .argument("<file>", "the sweep file")
    .option("--out <folder>", "folder of the sweep's folder", "rtl-out")
    .option("--final [points]", "show test accuracy of these points (the best if none is named)", list);
  addCommonOptions(addLauncherOptions(command)).addHelpText("after", EXAMPLES);
  return command.action(async (file: string, options: SweepCommandOptions) => {
    const sweep = readSweep(file);
    const folder = join(options.out, sweep.name);
    const launcher = launcherOf(options, folder);
    const shown = watch(options);
    const outcome = await interruptible(
      (signal) =>
        runSweep(sweep, {
          folder,
          launcher,
          signal,
          onEvent: shown.event,
          onResults: (results) => {
            writeFileAtomic(join(folder, "sweep.csv"), sweepCsv(results));
            writeFileAtomic(join(folder, "pareto.svg"), sweepPlot(sweep.name, results));
          },
        }).finally(shown.stop),
      "run the same command again to go on",
    );
    const final = finalPoints(options.final, outcome.results);
    if (options.json === true) printLines(outcome.results, final);
    else if (options.quiet !== true) {
      process.stdout.write(`\n${sweepTable(outcome.results, final)}\n\n`);
      process.stdout.write(`  * on the Pareto front of accuracy and gates: ${join(folder, "pareto.svg")}\n`);
    }
    process.exitCode = outcome.exitCode;
  });
}

/** The points whose test accuracy is asked for. */
function finalPoints(asked: SweepCommandOptions["final"], results: readonly PointResult[]): Set<string> {
  if (asked === undefined) return new Set();
  const ids = results.map(({ point }) => point.id);
  if (asked === true) return new Set(ids.slice(0, 1));
  for (const id of asked) {
    if (!ids.includes(id))
      throw new UserError(
        "usage/final",
        `--final: expected a point of the sweep but found "${id}"`,
        suggest(id, ids),
      );
  }
  return new Set(asked);
}

/** Events as JSON lines, or as lines and a progress bar. */
function watch({ json, quiet }: CommonOptions): { event: (event: SweepEvent) => void; stop: () => void } {
  if (json === true) return { event: (e) => process.stdout.write(`${JSON.stringify(e)}\n`), stop: () => {} };
  const terminal = terminalWatcher(process.stderr);
  const watcher = quiet === true ? silentWatcher : terminal;
  let best = 0;
  const event = (e: SweepEvent): void => {
    if (e.event === "rung") {
      best = 0;
      watcher.line(`${e.points} points, ${e.epochs} epochs each`);
    }
    if (e.event === "waiting") watcher.line(`${e.run}: waiting for another dbnc that is at work in it`);
    if (e.event !== "run-end") return;
    if (e.failure !== null) watcher.line(`${e.run}: failed: ${e.failure}`);
    best = Math.max(best, e.validation ?? 0);
    const last = e.validation === null ? "failed" : percent(e.validation);
    watcher.progress(e.done, e.total, "epochs", { last, best: percent(best) });
  };
  return { event, stop: terminal.stop };
}

/** One JSON line a point, best first; test accuracy of the final ones only. */
function printLines(results: readonly PointResult[], final: ReadonlySet<string>): void {
  const front = new Set(paretoFront(results));
  results.forEach((result, i) => {
    const { point, epochs, failures, runs } = result;
    const line = {
      event: "result",
      rank: i + 1,
      point: point.id,
      settings: point.settings,
      epochs,
      validation: medianOf(result, "validation"),
      gates: medianOf(result, "gates"),
      seeds: runs.length,
      front: front.has(result),
      failures,
      ...(final.has(point.id) ? { test: medianOf(result, "test") } : {}),
    };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  });
}
