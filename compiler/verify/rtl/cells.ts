import type { ModuleNames } from "../../emit/verilog/names.js";
import type { ReadoutCell } from "../../map/readout-circuit.js";
import { choiceSides, comparisonShape, counterShape } from "../../read/readout.js";
import { ReadBackFault, type YosysModules } from "../../read/yosys-json.js";
import {
  type CellSpecification,
  choiceSpecification,
  comparisonSpecification,
  computes,
  counterSpecification,
} from "../readout-cells.js";
import { moduleNetlist, scalars } from "./module-netlist.js";

/** Every module of the kind does what cells of that kind do, on all input patterns. */
export function proveCells(modules: YosysModules, names: ModuleNames): string {
  let cells = 0;
  for (const name of modules.keys()) {
    const kind = names.cellKind(name);
    if (kind === null) continue;
    cells++;
    const { inputs, outputs, specification } = cellContract(modules, name, kind);
    const found = moduleNetlist(modules, name, scalars(inputs), scalars(outputs));
    if (!computes(found, specification)) throw new ReadBackFault(`${name} does not do what a ${kind} does`);
  }
  return `${cells} cells on all their input patterns`;
}

function cellContract(
  modules: YosysModules,
  name: string,
  kind: ReadoutCell["tag"],
): { inputs: string[]; outputs: string[]; specification: CellSpecification } {
  const numbered = (letter: string, count: number): string[] =>
    Array.from({ length: count }, (_, i) => `${letter}${i}`);
  if (kind === "counter") {
    const { columns, outputs } = counterShape(modules, name);
    const heights = columns.map(({ length }) => length);
    const specification = counterSpecification(heights, outputs.length);
    return { inputs: columns.flat(), outputs: [...outputs], specification };
  }
  if (kind === "choice") {
    const sides = choiceSides(modules, name);
    const inputs = [...numbered("win", sides === 2 ? 1 : 3), ...numbered("s", sides)];
    return { inputs, outputs: ["winner"], specification: choiceSpecification(sides) };
  }
  const { bits, below } = comparisonShape(modules, name);
  return {
    inputs: [...numbered("a", bits), ...numbered("b", bits), ...(below ? ["below"] : [])],
    outputs: ["higher"],
    specification: comparisonSpecification(bits),
  };
}
