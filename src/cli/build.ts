import { join } from "node:path";
import { Command, Option } from "commander";
import { UserError } from "../../base/errors.js";
import { BOARDS, type Board } from "../../compiler/synth/boards.js";
import { loadConfig, type Override } from "../config/load.js";
import { fitToBoard } from "../flow/fit/fit.js";
import { STAGE_NAMES, type StageName } from "../flow/stage.js";
import { addCommonOptions, addConfigOptions, type ConfigOptions, overridesOf } from "./options.js";
import { type RunCommandOptions, runInFolder } from "./run.js";

const EXAMPLES = `
Examples:
  dbnc build                                         the built-in demo data, to rtl-out/demo
  dbnc build --data ../shared/data/mnist --name mnist --layers 4000,4000
  dbnc build --data iris.csv --name iris --label species --layers 300 --seed 7
  dbnc build --set network.votes=all --set train.batch=64
  dbnc build --fit up5k --data ../shared/data/mnist  pruned until an iCE40 UP5K holds all of it, with a bitstream
  dbnc build --until optimize                        no Verilog yet
  dbnc build --passes constant-propagation,strash --dump-after strash

Stages whose inputs and options did not change are reused; --force runs them all.`;

export interface BuildOptions extends ConfigOptions, RunCommandOptions {
  readonly out: string;
  readonly until?: StageName;
  readonly fit?: Board;
}

/** `dbnc build`: the whole way from data to proved Verilog. */
export function buildCommand(): Command {
  const command = new Command("build").description(
    "train, optimise, emit, simulate and prove a circuit for a data set",
  );
  const fit = new Option(
    "--fit <device>",
    "prune until it fits: a board, or an iCE40 device for its first board",
  );
  command.addOption(fit.argParser(boardFor));
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
  const { fit } = options;
  const board: Override[] =
    fit === undefined ? [] : [{ key: "hardware.board", value: fit.name, from: "--fit" }];
  const config = loadConfig(options.config, [...overridesOf(options), ...more, ...board]);
  const upTo = options.until === undefined ? STAGE_NAMES.length : 1 + STAGE_NAMES.indexOf(options.until);
  const path = join(options.out, config.name);
  const stages = STAGE_NAMES.slice(0, upTo);
  process.exitCode = await runInFolder(
    path,
    config,
    stages,
    options,
    fit === undefined ? undefined : fitToBoard,
  );
}

/** The board of a name, or the first one with that device. @throws {UserError} */
function boardFor(name: string): Board {
  const found = BOARDS.find((board) => [board.name, board.target, board.target.split(":")[1]].includes(name));
  if (found !== undefined) return found;
  const known = [...new Set(BOARDS.flatMap(({ name: own, target }) => [own, target.split(":")[1]!]))];
  throw new UserError(
    "fit/unknown",
    `--fit: expected one of ${known.join(", ")} but found ${name}`,
    "dbnc build --fit up5k",
  );
}
