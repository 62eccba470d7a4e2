import { FALSE, type Literal, literalOf, not, TRUE } from "../ir/literal.js";
import type { AdderCell, Contestant, Match, ReadoutCircuit } from "../map/readout-circuit.js";
import { type Bit, driversOf, moduleNamed, ReadBackFault, type YosysModules } from "./yosys-json.js";

/** The modules that a readout consists of; half adder, full adder and match may be missing where none is used. */
export interface ReadoutModules {
  readonly readout: string;
  readonly fullAdder: string;
  readonly halfAdder: string;
  readonly match: string;
  readonly lastMatch: string;
}

/**
 * The readout as it was read back: cells and matches are the instances found in the module, whatever their names.
 *
 * @param votePort name of the port of vote `v`.
 * @throws {ReadBackFault} for anything in it but cells, matches and inverters.
 */
export function readReadout(
  modules: YosysModules,
  names: ReadoutModules,
  votes: number,
  votePort: (v: number) => string,
): ReadoutCircuit {
  const module = moduleNamed(modules, names.readout);
  const drivers = driversOf(modules, names.readout);
  const nets = new Map<number, Literal>();
  for (let v = 0; v < votes; v++) {
    const bit = module.ports[votePort(v)]?.bits[0];
    if (typeof bit === "number") nets.set(bit, literalOf(1 + v));
  }
  let next = 1 + votes;
  const literal = (bit: Bit): Literal => {
    if (bit === "0") return FALSE;
    if (bit === "1") return TRUE;
    if (typeof bit === "string") throw new ReadBackFault(`${names.readout}: a bit has the value ${bit}`);
    const known = nets.get(bit);
    if (known !== undefined) return known;
    const driver = drivers.get(bit);
    if (driver === undefined) throw new ReadBackFault(`${names.readout}: net ${bit} has no driver`);
    const cell = driver.tag === "cell" ? module.cells[driver.cell]! : undefined;
    if (cell?.type === "$_NOT_") {
      const [inverted] = cell.connections["A"]!;
      nets.set(bit, FALSE); // Stands while its input is looked at: an inverter that drives itself is no loop without end.
      const found = not(literal(inverted!));
      nets.set(bit, found);
      return found;
    }
    const fresh = literalOf(next++);
    nets.set(bit, fresh);
    return fresh;
  };
  const cells: AdderCell[] = [];
  const matches: Match[] = [];
  for (const [instance, { type, connections }] of Object.entries(module.cells)) {
    const pin = (name: string): Literal[] =>
      (connections[name] ?? missing(names.readout, instance, name)).map(literal);
    const side = (letter: string): Contestant => ({
      score: pin(`score_${letter}`),
      index: pin(`index_${letter}`),
    });
    if (type === names.fullAdder || type === names.halfAdder) {
      const inputs = [...(type === names.fullAdder ? ["a", "b", "c"] : ["a", "b"])].flatMap(pin);
      cells.push({ inputs, sum: pin("sum")[0]! >>> 1, carry: pin("carry")[0]! >>> 1 });
    } else if (type === names.match)
      matches.push({ a: side("a"), b: side("b"), winner: { score: pin("score"), index: pin("index") } });
    else if (type === names.lastMatch)
      matches.push({ a: side("a"), b: side("b"), winner: { score: [], index: pin("index") } });
    else if (type !== "$_NOT_")
      throw new ReadBackFault(`${names.readout}.${instance}: a cell of type ${type}`);
  }
  const winner = (module.ports["class_index"]?.bits ?? missing(names.readout, "", "class_index")).map(
    literal,
  );
  return { votes, cells, matches, winner };
}

function missing(module: string, instance: string, pin: string): never {
  throw new ReadBackFault(`${module}${instance === "" ? "" : `.${instance}`}: ${pin} is not connected`);
}
