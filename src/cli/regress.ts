import { join } from "node:path";
import { Command } from "commander";
import { writeFileAtomic } from "../flow/files.js";
import { baselineText, readBaseline } from "../flow/regress/baseline.js";
import { readSuite, type Suite } from "../flow/regress/file.js";
import { type Outcome, type RegressEvent, runRegress, suiteFolder } from "../flow/regress/regress.js";
import { suiteJunit, suiteTable } from "../flow/regress/report.js";
import { updateBaseline } from "../flow/regress/update.js";
import { interruptible } from "./interrupt.js";
import { addLauncherOptions, type LauncherOptions, launcherOf } from "./launcher-options.js";
import { addCommonOptions, type CommonOptions, list } from "./options.js";
import { regressWatch } from "./regress-watch.js";

const EXAMPLES = `
Examples:
  dbnc regress ci.yaml                          build every case, judge it, to rtl-out/ci
  dbnc regress ci.yaml --filter 'mnist*,iris/2'  cases by name, or one seed of a case
  dbnc regress ci.yaml --fail-fast --max-parallel 2
  dbnc regress ci.yaml --rerun-failed           what did not pass the last time
  dbnc regress ci.yaml --update-baseline        take the numbers as the new baseline, to be reviewed
  dbnc regress ci.yaml --launcher slurm --sbatch "--partition=short --cpus-per-task=2"

A suite file (docs/formats/suite.md):
  cases:
    iris:
      base: { data: { source: iris.csv }, network: { layers: [300] } }
      seeds: [1, 2, 3]
      expect: { accuracy: 0.9, gates: 400 }

Exit codes: 0 all passed, 1 bad input, 2 something failed, 3 unknown, 4 a tool is missing or broke.`;

interface RegressCommandOptions extends CommonOptions, LauncherOptions {
  readonly out: string;
  readonly filter?: readonly string[];
  readonly failFast?: boolean;
  readonly rerunFailed?: boolean;
  readonly updateBaseline?: boolean;
  readonly junit?: string;
}

/** `dbnc regress`: builds with expectations and baselines. */
export function regressCommand(): Command {
  const command = new Command("regress")
    .description("build every case of a suite and hold it to what is expected, and to a baseline")
    .argument("<suite>", "the suite file")
    .option("--out <folder>", "folder of the suite's folder", "rtl-out")
    .option("--filter <case,…>", "only these cases, or case/seed; * stands for any letters", list)
    .option("--fail-fast", "stop at the first thing that fails")
    .option("--rerun-failed", "run only what did not pass the last time; the rest counts as it was")
    .option("--update-baseline", "write what was found as the new baseline, for review, instead of comparing")
    .option("--junit <file>", "also write the JUnit XML here (it is in the suite's folder anyway)");
  addCommonOptions(addLauncherOptions(command)).addHelpText("after", EXAMPLES);
  return command.action(async (file: string, options: RegressCommandOptions) => {
    const suite = readSuite(file);
    const outcome = await run(suite, options);
    const junit = suiteJunit(suite.name, outcome);
    writeFileAtomic(join(suiteFolder(suite, options.out), "junit.xml"), junit);
    if (options.junit !== undefined) writeFileAtomic(options.junit, junit);
    if (options.json === true)
      process.stdout.write(`${JSON.stringify({ event: "result", suite: suite.name, ...outcome })}\n`);
    else if (options.quiet !== true) process.stdout.write(suiteTable(outcome));
    if (options.updateBaseline === true) writeBaseline(suite, outcome, options);
    process.exitCode = outcome.exitCode;
  });
}

async function run(suite: Suite, options: RegressCommandOptions): Promise<Outcome> {
  const folder = suiteFolder(suite, options.out);
  const launcher = launcherOf(options, folder);
  const watch = regressWatch(options);
  const work = (signal: AbortSignal): Promise<Outcome> =>
    runRegress(suite, {
      out: options.out,
      launcher,
      filter: options.filter ?? [],
      failFast: options.failFast ?? false,
      rerunFailed: options.rerunFailed ?? false,
      baseline: options.updateBaseline === true ? null : readBaseline(suite.baseline),
      onEvent: (event: RegressEvent) => watch.event(event),
      signal,
    }).finally(watch.stop);
  return interruptible(work, "the same command with --rerun-failed goes on");
}

function writeBaseline(suite: Suite, outcome: Outcome, { quiet, json }: CommonOptions): void {
  const { baseline, changes } = updateBaseline(suite, outcome, readBaseline(suite.baseline));
  writeFileAtomic(suite.baseline, baselineText(baseline));
  if (quiet === true || json === true) return;
  process.stdout.write(
    `\n${suite.baseline}: ${changes.length === 0 ? "nothing changed" : "review and commit it"}\n`,
  );
  for (const change of changes) process.stdout.write(`  ${change}\n`);
}
