import { Command } from "commander";
import { UserError } from "../../base/errors.js";
import { PASSES, PIPELINES, resolvePasses } from "../../compiler/passes/registry.js";
import { formatPassLine, type PassRecord } from "../../compiler/passes/runner.js";
import { loadCircuit } from "../circuit/files.js";
import { circuitWriter } from "../circuit/formats.js";
import { formatOptResult, type OptResult, optResult } from "../circuit/opt-result.js";
import { VERSION } from "../version.js";
import { addCircuitOptions, type CircuitOptions, EXIT_OF } from "./circuit-options.js";
import { runWatched } from "./watched-job.js";

const EXAMPLES = `
Examples:
  dbnc opt adder.aig -o smaller.aig
  dbnc opt adder.blif -p strash,dead-gates -o adder.aag
  dbnc opt rtl-out/demo -p default --json
  dbnc opt --list-passes

IN is AIGER (.aig, .aag), BLIF (.blif) or a run folder; the extension of OUT names its format. Every pass is proved
against its input. A pass that is refuted ends the run, and nothing is written.

Exit codes: 0 proved, 2 a pass was refuted, 3 a pass stayed unknown (OUT is written), 1 bad input.`;

interface OptOptions extends CircuitOptions {
  readonly passes: readonly string[];
  readonly output?: string;
  readonly listPasses?: boolean;
}

/** `dbnc opt`: run passes on any circuit. */
export function optCommand(): Command {
  const command = new Command("opt")
    .description("optimise a circuit (AIGER, BLIF, run folder), every pass proved")
    .argument("[IN]", "circuit file or run folder")
    .option("-p, --passes <name,…>", "passes or pipelines, in order", (text) => text.split(","), ["default"])
    .option("-o, --output <OUT>", "where to write the result; nothing is written without it")
    .option("--list-passes", "print every pass and pipeline");
  addCircuitOptions(command).addHelpText("after", EXAMPLES);
  return command.action(async (path: string | undefined, options: OptOptions) => {
    if (options.listPasses === true) process.stdout.write(passList());
    else process.exitCode = EXIT_OF[(await optimise(path, options)).verdict];
  });
}

function passList(): string {
  const table = [
    ...PASSES.map(({ name, summary, preserves }) => [
      name,
      `${summary}${preserves === "function" ? "" : " (designs only)"}`,
    ]),
    ...Object.entries(PIPELINES).map(([name, steps]) => [name, steps.join(", ") || "no passes"]),
  ] as [string, string][];
  const width = Math.max(...table.map(([name]) => name.length));
  return table.map(([name, text]) => `${name.padEnd(width)}  ${text}\n`).join("");
}

async function optimise(input: string | undefined, options: OptOptions): Promise<OptResult> {
  if (input === undefined)
    throw new UserError(
      "usage/in",
      "opt: expected a circuit IN but found none",
      "dbnc opt --help has examples",
    );
  const lossy = resolvePasses(options.passes).find(({ preserves }) => preserves !== "function");
  if (lossy !== undefined) {
    throw new UserError(
      "opt/lossy",
      `--passes: expected passes that preserve the function but found "${lossy.name}"`,
      "dbnc optimize runs it on the design of a run folder, where accuracy can be measured",
    );
  }
  const write = options.output === undefined ? undefined : circuitWriter(options.output);
  const { circuit } = loadCircuit(input);
  const show = options.quiet !== true && options.json !== true;
  const records: PassRecord[] = [];
  const { passes, seed, conflicts = null } = options;
  const netlist = await runWatched({ kind: "opt", circuit, passes, seed, conflicts }, options, {
    hint: "nothing was written",
    onPass(record) {
      records.push(record);
      if (show) process.stdout.write(`${formatPassLine(record)}\n`);
    },
  });
  const result = optResult({ input, output: options.output ?? null, circuit, records, netlist });
  if (netlist !== null && result.output !== null)
    write?.({ ...circuit, netlist }, [
      `${input}, optimised by dbnc ${VERSION}: ${passes.join(",")}, seed ${seed}`,
    ]);
  if (options.json === true) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  else if (show) process.stdout.write(formatOptResult(result));
  return result;
}
