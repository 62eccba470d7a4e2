import { Command } from "commander";
import { VERSION } from "../version.js";
import { auditLabelsCommand } from "./audit-labels.js";
import { buildCommand } from "./build.js";
import { completionCommand } from "./completion.js";
import { dataCommand } from "./data.js";
import { doctorCommand } from "./doctor.js";
import { equivCommand } from "./equiv.js";
import { exportCommand } from "./export.js";
import { importCommand } from "./import.js";
import { initCommand } from "./init.js";
import { optCommand } from "./opt.js";
import { predictCommand } from "./predict.js";
import { regressCommand } from "./regress.js";
import { reportCommand } from "./report.js";
import { slurmJobCommand } from "./slurm-job.js";
import { stageCommands } from "./stage-commands.js";
import { sweepCommand } from "./sweep.js";

/** The whole command line: every command with its options, help and action. */
export function program(): Command {
  const root = new Command("dbnc")
    .description("compile a data set into a proved FPGA circuit")
    .version(VERSION)
    .showSuggestionAfterError()
    .showHelpAfterError("(dbnc --help shows what there is)")
    .exitOverride();
  const commands = [
    buildCommand(),
    ...stageCommands(),
    importCommand(),
    exportCommand(),
    predictCommand(),
    auditLabelsCommand(),
    reportCommand(),
    sweepCommand(),
    regressCommand(),
    equivCommand(),
    optCommand(),
    initCommand(),
    dataCommand(),
    doctorCommand(),
    completionCommand(root),
  ];
  for (const command of commands) root.addCommand(command.exitOverride().copyInheritedSettings(root));
  root.addCommand(slurmJobCommand(), { hidden: true });
  return root.addHelpText(
    "after",
    `
Examples:
  dbnc build                             train, optimise, emit and prove the built-in demo
  dbnc build --data ../shared/data/mnist --name mnist --layers 4000,4000
  dbnc verify --run rtl-out/mnist        prove the emitted Verilog again
  dbnc predict new.csv --run rtl-out/iris
  dbnc audit-labels --data ../shared/data/mnist -o suspects.csv
  dbnc import model.safetensors --data ../shared/data/mnist
  dbnc sweep search.yaml                 search for settings, ranked by validation accuracy
  dbnc regress ci.yaml                   build a suite, hold it to expectations and a baseline
  dbnc equiv a.aig b.blif                prove two circuits equal, or see where they differ
  dbnc opt a.aig -o smaller.blif         optimise any circuit

Exit codes: 0 all holds, 1 bad input, 2 refuted or failed, 3 unknown, 4 tool missing, 130/143 interrupted.`,
  );
}
