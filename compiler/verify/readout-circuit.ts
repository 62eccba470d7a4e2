import { indexWidth, type Readout } from "../ir/readout.js";
import type { ReadoutCell, ReadoutCircuit } from "../map/readout-circuit.js";
import { cellNetlist, indexNetlist } from "../map/readout-netlist.js";
import { checkEquivalent, type EquivalenceOptions } from "./equivalence.js";
import {
  type CellSpecification,
  choiceSpecification,
  comparisonSpecification,
  computes,
  counterSpecification,
} from "./readout-cells.js";
import { checkReadout } from "./readout-checker.js";
import { indexSpecification } from "./tournament.js";

/**
 * Why a readout circuit, as the netlist that `readoutNetlist` makes of it, is not that of a readout; null if it is. Proved by
 * parts (DESIGN: Trust, 5), as the emitted Verilog is: every kind of cell on all its input patterns, then what they
 * add up and who plays whom, then the class index.
 *
 * @param circuit of a mapper's readout too, which has no Verilog.
 */
export async function checkReadoutCircuit(
  circuit: ReadoutCircuit,
  readout: Readout,
  options: EquivalenceOptions,
): Promise<string | null> {
  const kinds = new Map(circuit.cells.map((cell) => [kindOf(cell), cell]));
  for (const [kind, cell] of kinds)
    if (!computes(cellNetlist(cell), specificationOf(cell))) return `its gates do not do what a ${kind} does`;
  const results = circuit.matches.map(({ wins }) => wins);
  const contest = checkReadout({ votes: circuit.votes, cells: circuit.cells, results }, readout);
  if (typeof contest === "string") return contest;
  const expected = indexSpecification(contest, results, indexWidth(readout.classNames.length));
  const { tag } = await checkEquivalent(expected, indexNetlist(circuit.matches), options);
  return tag === "proved" ? null : `its class index is ${tag}`;
}

/** Cells of one kind have the same gates over their inputs. */
function kindOf(cell: ReadoutCell): string {
  if (cell.tag === "choice") return `choice of ${cell.sides.length}`;
  if (cell.tag === "comparison")
    return `comparison of ${cell.a.length} bits${cell.below === null ? "" : " and those below"}`;
  const heights = cell.inputs.map(({ length }) => length).join(", ");
  return `counter of ${heights} bits, ${cell.outputs.length} outputs`;
}

function specificationOf(cell: ReadoutCell): CellSpecification {
  if (cell.tag === "choice") return choiceSpecification(cell.sides.length);
  if (cell.tag === "comparison") return comparisonSpecification(cell.a.length);
  return counterSpecification(
    cell.inputs.map(({ length }) => length),
    cell.outputs.length,
  );
}
