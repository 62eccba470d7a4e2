import type { ExitCode } from "../../base/errors.js";
import type { Config } from "../config/schema.js";
import { runStagesIn } from "../flow/build.js";
import type { fitToBoard } from "../flow/fit/fit.js";
import { outcomeOf } from "../flow/outcome.js";
import type { StageName } from "../flow/stage.js";
import type { Report } from "../report/schema.js";
import { formatReport } from "../report/terminal.js";
import { interruptible } from "./interrupt.js";
import type { CommonOptions } from "./options.js";
import { jsonWatcher, silentWatcher, terminalWatcher } from "./watch.js";

export interface RunCommandOptions extends CommonOptions {
  readonly dumpAfter?: readonly string[];
  readonly force?: boolean;
}

/**
 * Run stages in a run folder and print what came of it.
 *
 * @param adapt makes the configuration anew before, from what it finds in the run folder.
 * @returns the exit code: 0, or 2 refuted, 3 unknown, 4 tool missing.
 */
export async function runInFolder(
  path: string,
  config: Config,
  stages: readonly StageName[],
  options: RunCommandOptions,
  adapt?: typeof fitToBoard,
): Promise<ExitCode> {
  const terminal = terminalWatcher(process.stderr);
  const loud = options.json === true ? jsonWatcher(process.stderr) : terminal;
  const watcher = options.quiet === true ? silentWatcher : loud;
  const work = async (signal: AbortSignal): Promise<Report> => {
    if (options.quiet !== true && options.json !== true)
      process.stderr.write(`${config.name}: seed ${config.seed}, run folder ${path}\n`);
    const { dumpAfter = [], force = false } = options;
    const run = { watcher, signal, dumpAfter, force };
    try {
      return await runStagesIn(path, (await adapt?.(path, config, run)) ?? config, stages, run);
    } finally {
      terminal.stop();
    }
  };
  const report = await interruptible(work, `run the same command again to go on from where ${path} is`);
  const outcome = outcomeOf(report);
  if (options.json === true) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else if (options.quiet !== true) process.stdout.write(formatReport(report, path));
  for (const reason of outcome.reasons) process.stderr.write(`dbnc: ${reason}\n`);
  return outcome.exitCode;
}
