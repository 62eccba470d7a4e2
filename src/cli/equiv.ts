import { Command, Option } from "commander";
import { UserError } from "../../base/errors.js";
import { type MatchRule, matchPorts } from "../../compiler/verify/match-ports.js";
import { sameBoundary } from "../../compiler/verify/same-boundary.js";
import { equivResult, formatEquivResult } from "../circuit/equiv-result.js";
import { type LoadedCircuit, loadCircuit } from "../circuit/files.js";
import { addCircuitOptions, type CircuitOptions, EXIT_OF } from "./circuit-options.js";
import { runWatched } from "./watched-job.js";

const EXAMPLES = `
Examples:
  dbnc equiv adder.aig adder-rewritten.blif
  dbnc equiv rtl-out/demo rtl-out/demo/netlist.aig
  dbnc equiv before.aag after.aig --by order --conflicts 100000
  dbnc equiv a.aig b.aig --json --timeout 60

A and B are AIGER (.aig, .aag), BLIF (.blif), or run folders, which stand for the core of their design. Ports are
matched by name when both sides have names, else by order.

Exit codes: 0 proved, 2 refuted, 3 unknown (out of conflicts or time), 1 bad input.`;

/** `dbnc equiv`: prove two circuits equal, or find an input on which they differ. */
export function equivCommand(): Command {
  const command = new Command("equiv")
    .description("prove two circuits (AIGER, BLIF, run folders) equal, or show an input on which they differ")
    .argument("<A>", "circuit file or run folder")
    .argument("<B>", "circuit file or run folder")
    .addOption(
      new Option("--by <rule>", "match inputs and outputs by name or by order").choices(["name", "order"]),
    );
  addCircuitOptions(command).addHelpText("after", EXAMPLES);
  return command.action(
    async (pathA: string, pathB: string, options: CircuitOptions & { by?: MatchRule }) => {
      const [a, b] = [loadCircuit(pathA), loadCircuit(pathB)];
      requireSameBoundary(a, b);
      const { by, other } = matchPorts(
        { where: pathA, circuit: a.circuit },
        { where: pathB, circuit: b.circuit },
        options.by,
      );
      const { seed, conflicts = null } = options;
      const begin = performance.now();
      const verdict = await runWatched(
        { kind: "equiv", a: a.circuit.netlist, b: other, seed, conflicts },
        options,
        { hint: "nothing was decided" },
      );
      const elapsed = (performance.now() - begin) / 1000;
      const result = equivResult({ a, b, matchedBy: by, other }, verdict, elapsed);
      if (options.json === true) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
      else if (options.quiet !== true) process.stdout.write(formatEquivResult(result));
      process.exitCode = EXIT_OF[result.verdict];
    },
  );
}

/** Two runs are equal circuits only if what stands around their cores is the same. */
function requireSameBoundary(a: LoadedCircuit, b: LoadedCircuit): void {
  if (a.design === null || b.design === null || sameBoundary(a.design, b.design)) return;
  throw new UserError(
    "equiv/boundary",
    `${b.path}: expected the encoder and readout of ${a.path} but found others`,
    `only the cores can be compared: name ${a.path}/netlist.aig and ${b.path}/netlist.aig`,
  );
}
