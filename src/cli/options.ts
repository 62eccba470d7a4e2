import { type Command, InvalidArgumentError, Option } from "commander";
import { parse as parseYaml } from "yaml";
import { UserError } from "../../base/errors.js";
import type { Override } from "../config/load.js";

/** What every command understands. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Options that set a key of the project file. */
export interface ConfigOptions extends CommonOptions {
  readonly config?: string;
  readonly set?: readonly string[];
  readonly [flag: string]: unknown;
}

/** Parser of an option that is a whole number. */
export function integer(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value)) throw new InvalidArgumentError("expected an integer.");
  return value;
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new InvalidArgumentError("expected a number.");
  return value;
}

/** Parser of an option that is a comma-separated list. */
export const list = (text: string): string[] => text.split(",").map((item) => item.trim());
const integers = (text: string): number[] => list(text).map(integer);
const collect = (text: string, before: readonly string[] = []): string[] => [...before, text];

/** Flag, dotted key that it sets, parser of its value, help. */
const FLAGS: readonly {
  flag: string;
  key: string;
  parse?: (text: string) => unknown;
  /** What the flag alone stands for where its value is optional. */
  preset?: string;
  help: string;
}[] = [
  { flag: "--name <name>", key: "name", help: "names the run folder and the Verilog modules" },
  { flag: "--seed <n>", key: "seed", parse: integer, help: "every random choice comes from it" },
  {
    flag: "--data <source>",
    key: "data.source",
    help: "demo, a folder of IDX or CIFAR-10 files, or a CSV file",
  },
  { flag: "--test-data <file>", key: "data.test", help: "CSV file of test samples" },
  { flag: "--label <column>", key: "data.label", help: "label column of a CSV file" },
  { flag: "--bits <n>", key: "encoder.bits", parse: integer, help: "thermometer bits per feature" },
  { flag: "--layers <n,n,…>", key: "network.layers", parse: integers, help: "gates in each layer" },
  {
    flag: "--candidates <n>",
    key: "network.candidates",
    parse: integer,
    help: "candidate fanins of a gate input",
  },
  { flag: "--epochs <n>", key: "train.epochs", parse: integer, help: "passes over the training data" },
  { flag: "--learning-rate <x>", key: "train.learningRate", parse: number, help: "Adam's peak rate" },
  { flag: "--mode <mode>", key: "train.mode", help: "hard or soft forward pass while training" },
  { flag: "--engine <name>", key: "train.engine", help: "what trains: wasm, plain or tensorflow" },
  {
    flag: "-p, --passes <name,…>",
    key: "optimize.passes",
    parse: list,
    help: "passes or pipelines, in order",
  },
  {
    flag: "--ranking <name>",
    key: "prune.ranking",
    help: "how pruning orders gates: similarity, distortion, observability, savings; magnitude, random",
  },
  {
    flag: "--max-accuracy-drop <x>",
    key: "prune.maxAccuracyDrop",
    parse: number,
    help: "prune as far as validation accuracy falls by at most this, such as 0.002",
  },
  {
    flag: "--max-gates <n>",
    key: "prune.maxGates",
    parse: integer,
    help: "prune until at most n gates are left",
  },
  {
    flag: "--max-luts <n>",
    key: "prune.maxLuts",
    parse: integer,
    help: "prune until everything takes at most n LUTs of the target",
  },
  {
    flag: "--trim",
    key: "prune.trim",
    help: "remove votes along with gates, which is the default unless gates alone are bounded",
  },
  {
    flag: "--pareto",
    key: "prune.pareto",
    help: "write accuracy against gates for every ranking: pareto.csv, pareto.svg",
  },
  {
    flag: "--board <name>",
    key: "hardware.board",
    help: "board to make a bitstream for, such as icebreaker",
  },
  {
    flag: "--target <name>",
    key: "hardware.target",
    help: "device or family, such as ice40:up5k or xilinx:7",
  },
  { flag: "--pipeline <n>", key: "hardware.pipeline", parse: integer, help: "stages of registers" },
  {
    flag: "--fmax <MHz>",
    key: "hardware.fmax",
    parse: number,
    help: "as many stages as this clock rate needs",
  },
  {
    flag: "--interface <name>",
    key: "hardware.interface",
    help: "parallel, valid, axi-stream, shift (SPI) or uart",
  },
  {
    flag: "--engines <name,…>",
    key: "simulate.engines",
    parse: list,
    help: "RTL simulators: icarus, verilator",
  },
  {
    flag: "--waves [format]",
    key: "simulate.waves",
    preset: "vcd",
    help: "write waves of the first samples, as vcd or fst, to waves/",
  },
  {
    flag: "--saif",
    key: "simulate.saif",
    help: "write switching activity over the test set, for power tools, to activity/",
  },
  {
    flag: "--proof",
    key: "verify.proof",
    help: "write a DRAT proof for every equivalence that is proved, to proof/",
  },
  { flag: "--native", key: "verify.native", help: "use this machine's Yosys instead of the bundled one" },
  {
    flag: "--self-test [n]",
    key: "verify.selfTest",
    parse: integer,
    preset: "12",
    help: "test the checks too: plant n faults (12) in each of netlist, Verilog and vectors",
  },
];

const attribute = (flag: string): string => new Option(flag).attributeName();

/** Add `--json` and `--quiet`. */
export const addCommonOptions = (command: Command): Command =>
  command
    .option("--json", "the result as JSON on standard output, and progress as JSON lines on standard error")
    .option("-q, --quiet", "print nothing but errors (and the JSON, if asked for)");

/** Add `--config`, `--set` and a flag for each often-used key. */
export function addConfigOptions(command: Command): Command {
  command.option("-c, --config <file>", "project file (default: dbnc.yaml if there is one)");
  for (const { flag, help, parse, preset } of FLAGS) {
    const option = new Option(flag, help);
    if (parse !== undefined) option.argParser(parse);
    if (preset !== undefined) option.preset(preset);
    command.addOption(option);
  }
  return command.option(
    "--set <key=value>",
    "set any key of the project file, such as train.batch=64",
    collect,
  );
}

/** The settings that the user gave on the command line. @throws {UserError} for a malformed `--set`. */
export function overridesOf(options: ConfigOptions): Override[] {
  const overrides: Override[] = [];
  for (const { flag, key } of FLAGS) {
    const value = options[attribute(flag)];
    if (value !== undefined) overrides.push({ key, value, from: flag.split(" ")[0]! });
  }
  for (const text of options.set ?? []) {
    const at = text.indexOf("=");
    if (at < 1)
      throw new UserError(
        "usage/set",
        `--set ${text}: expected key=value but found no "="`,
        "as in --set train.batch=64",
      );
    overrides.push({ key: text.slice(0, at), value: parseYaml(text.slice(at + 1)), from: `--set ${text}` });
  }
  return overrides;
}
