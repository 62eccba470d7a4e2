import { join } from "node:path";
import { Command, Option } from "commander";
import { loadConfig, type Override } from "../config/load.js";
import { STAGE_NAMES, type StageName } from "../flow/stage.js";
import { addCommonOptions, addConfigOptions, type ConfigOptions, overridesOf } from "./options.js";
import { type RunCommandOptions, runInFolder } from "./run.js";

const EXAMPLES = `
Examples:
  dbnc build                                         the built-in demo data, to rtl-out/demo
  dbnc build --data ../shared/data/mnist --name mnist --layers 4000,4000
  dbnc build --data iris.csv --name iris --label species --layers 300 --seed 7
  dbnc build --set network.votes=all --set train.batch=64
  dbnc build --until optimize                        no Verilog yet
  dbnc build --passes constant-propagation,strash --dump-after strash

Stages whose inputs and options did not change are reused; --force runs them all.`;

export interface BuildOptions extends ConfigOptions, RunCommandOptions {
  readonly out: string;
  readonly until?: StageName;
}

/** `dbnc build`: the whole way from data to proved Verilog. */
export function buildCommand(): Command {
  const command = new Command("build").description(
    "train, optimise, emit, simulate and prove a circuit for a data set",
  );
  addBuildOptions(command).addHelpText("after", EXAMPLES);
  return command.action((options: BuildOptions) => build(options, []));
}

/** Add what a command that runs all stages understands. */
export function addBuildOptions(command: Command): Command {
  command
    .option("--out <folder>", "folder of run folders", "rtl-out")
    .option(
      "--dump-after <pass,…>",
      "write the design after these passes to dump/ (all for every pass)",
      (text) => text.split(","),
    )
    .option("--force", "run every stage, also those that could be reused");
  command.addOption(new Option("--until <stage>", "the last stage to run").choices(STAGE_NAMES));
  return addCommonOptions(addConfigOptions(command));
}

/** Run the stages, up to the last one asked for, in the run folder of the configuration's name. */
export async function build(options: BuildOptions, more: readonly Override[]): Promise<void> {
  const config = loadConfig(options.config, [...overridesOf(options), ...more]);
  const upTo = options.until === undefined ? STAGE_NAMES.length : 1 + STAGE_NAMES.indexOf(options.until);
  const path = join(options.out, config.name);
  process.exitCode = await runInFolder(path, config, STAGE_NAMES.slice(0, upTo), options);
}
