import { type ModuleNames, voteNet } from "../../emit/verilog/names.js";
import type { Design } from "../../ir/design.js";
import { indexWidth } from "../../ir/readout.js";
import { readReadout } from "../../read/readout.js";
import { ReadBackFault, type YosysModules } from "../../read/yosys-json.js";
import { checkReadout } from "../readout-checker.js";
import { indexSpecification } from "../tournament.js";
import { moduleNetlist, scalars } from "./module-netlist.js";
import { compare, type RtlOptions } from "./verdict.js";

/** The wiring of the cells, and the class index from the results of the matches. */
export async function proveReadout(
  modules: YosysModules,
  { core, readout }: Design,
  names: ModuleNames,
  options: RtlOptions,
): Promise<string> {
  const circuit = readReadout(modules, names, core.outputs.length, voteNet);
  const contest = checkReadout(circuit, readout);
  if (typeof contest === "string") throw new ReadBackFault(`${names.readout}: ${contest}`);
  const width = indexWidth(readout.classNames.length);
  const ports = circuit.results.flatMap((wins, m) => wins.map((_, pair) => `m${m}_${pair}`));
  const found = moduleNetlist(modules, names.index, scalars(ports), new Map([["class_index", width]]));
  const how = await compare(
    "readout",
    names.index,
    indexSpecification(contest, circuit.results, width),
    found,
    (o) => `bit ${o} of the class index`,
    options,
  );
  return `${circuit.cells.length} cells add up the scores and play ${circuit.results.length} matches in class order; class index: ${how}`;
}
