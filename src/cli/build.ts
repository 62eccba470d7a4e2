import { join } from "node:path";
import { Command } from "commander";
import { loadConfig } from "../config/load.js";
import { STAGE_NAMES } from "../flow/stage.js";
import { addCommonOptions, addConfigOptions, type ConfigOptions, overridesOf } from "./options.js";
import { type RunCommandOptions, runInFolder } from "./run.js";

const EXAMPLES = `
Examples:
  dbnc build                                         the built-in demo data, to rtl-out/demo
  dbnc build --data ../shared/data/mnist --name mnist --layers 4000,4000
  dbnc build --data iris.csv --name iris --label species --layers 300 --seed 7
  dbnc build --set network.votes=all --set train.batch=64
  dbnc build --passes constant-propagation,strash --dump-after strash

Stages whose inputs and options did not change are reused; --force runs them all.`;

/** `dbnc build`: the whole way from data to proved Verilog. */
export function buildCommand(): Command {
  const command = new Command("build")
    .description("train, optimise, emit, simulate and prove a circuit for a data set")
    .option("--out <folder>", "folder of run folders", "rtl-out")
    .option(
      "--dump-after <pass,…>",
      "write the design after these passes to dump/ (all for every pass)",
      (text) => text.split(","),
    )
    .option("--force", "run every stage, also those that could be reused");
  addCommonOptions(addConfigOptions(command)).addHelpText("after", EXAMPLES);
  return command.action(async (options: ConfigOptions & RunCommandOptions & { out: string }) => {
    const config = loadConfig(options.config, overridesOf(options));
    process.exitCode = await runInFolder(join(options.out, config.name), config, STAGE_NAMES, options);
  });
}
