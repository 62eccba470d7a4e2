import { type Literal, literalOf } from "../ir/literal.js";
import type { ReadoutCell } from "../map/readout-circuit.js";
import { literalReader } from "./literal-reader.js";
import { type Bit, moduleNamed, REGISTER, ReadBackFault, type YosysModules } from "./yosys-json.js";

/** What the modules of a readout are called. */
export interface ReadoutModules {
  readonly readout: string;
  readonly index: string;
  /** What kind of cell a module is, by its name; null for another module. */
  readonly cellKind: (module: string) => ReadoutCell["tag"] | null;
}

/** A readout as it was read back; nets are numbered as in `ReadoutCircuit`. */
export interface FoundReadout {
  readonly votes: number;
  /** The instances found in the module, whatever their names, in any order. */
  readonly cells: readonly ReadoutCell[];
  /** What goes into the index module: the results of each match, one of two sides or three of three. */
  readonly results: readonly (readonly Literal[])[];
}

/** Ports of a cell's module by what they are for. @throws {ReadBackFault} for a port that such a cell has not. */
export interface CellShape {
  /** Input ports of a counter, column by column. */
  readonly columns: readonly (readonly string[])[];
  readonly outputs: readonly string[];
}

const numbered = (ports: readonly string[], name: (i: number) => string): string[] => {
  const found: string[] = [];
  while (ports.includes(name(found.length))) found.push(name(found.length));
  return found;
};

/** The columns and outputs of a counter's module. */
export function counterShape(modules: YosysModules, name: string): CellShape {
  const ports = Object.keys(moduleNamed(modules, name).ports);
  const columns: string[][] = [];
  for (;;) {
    const column = numbered(ports, (j) => `i${columns.length}_${j}`);
    if (column.length === 0) break;
    columns.push(column);
  }
  return { columns, outputs: numbered(ports, (i) => `o${i}`) };
}

/** Bits that a comparison's module compares, and whether it reads a result from below. */
export function comparisonShape(modules: YosysModules, name: string): { bits: number; below: boolean } {
  const ports = Object.keys(moduleNamed(modules, name).ports);
  return { bits: numbered(ports, (k) => `a${k}`).length, below: ports.includes("below") };
}

/** Sides among which a choice's module chooses. */
export const choiceSides = (modules: YosysModules, name: string): number =>
  numbered(Object.keys(moduleNamed(modules, name).ports), (s) => `s${s}`).length;

/**
 * The readout as it was read back.
 *
 * @param votePort name of the port of vote `v`.
 * @throws {ReadBackFault} for anything in it but cells, inverters, registers and one index module.
 */
export function readReadout(
  modules: YosysModules,
  names: ReadoutModules,
  votes: number,
  votePort: (v: number) => string,
): FoundReadout {
  const module = moduleNamed(modules, names.readout);
  // Nets are numbered as they are met.
  const voteOf = new Map(Array.from({ length: votes }, (_, v) => [votePort(v), v]));
  let next = 1 + votes;
  const literal = literalReader(modules, names.readout, (driver) => {
    const vote = driver.tag === "port" ? voteOf.get(driver.port) : undefined;
    return literalOf(vote === undefined ? next++ : 1 + vote);
  });
  const cells: ReadoutCell[] = [];
  let results: Literal[][] | null = null;
  for (const [instance, { type, connections }] of Object.entries(module.cells)) {
    const pin = (name: string): Literal => {
      const bits = connections[name];
      if (bits?.length !== 1)
        throw new ReadBackFault(`${names.readout}.${instance}: ${name} is not connected to one net`);
      return literal(bits[0]!);
    };
    const kind = names.cellKind(type);
    if (kind !== null) cells.push(readCell(modules, type, kind, pin));
    else if (type === names.index) {
      if (results !== null) throw new ReadBackFault(`${names.readout}: ${names.index} is there twice`);
      results = readResults(connections, pin);
      const [made, given] = [connections, { class_index: module.ports["class_index"]?.bits }].map((pins) =>
        (pins["class_index"] ?? []).map(literal).join(),
      );
      if (made !== given)
        throw new ReadBackFault(`${names.readout}: class_index is not that of ${names.index}`);
    } else if (type !== "$_NOT_" && type !== REGISTER)
      throw new ReadBackFault(`${names.readout}.${instance}: a cell of type ${type}`);
  }
  if (results === null) throw new ReadBackFault(`${names.readout}: there is no ${names.index}`);
  return { votes, cells, results };
}

function readCell(
  modules: YosysModules,
  type: string,
  kind: ReadoutCell["tag"],
  pin: (name: string) => Literal,
): ReadoutCell {
  if (kind === "counter") {
    const { columns, outputs } = counterShape(modules, type);
    return {
      tag: kind,
      chain: null,
      inputs: columns.map((ports) => ports.map(pin)),
      outputs: outputs.map((port) => pin(port) >>> 1),
    };
  }
  if (kind === "choice") {
    const sides = choiceSides(modules, type);
    const names = (count: number, letter: string) => Array.from({ length: count }, (_, i) => `${letter}${i}`);
    return {
      tag: kind,
      wins: names(sides === 2 ? 1 : 3, "win").map(pin),
      sides: names(sides, "s").map(pin),
      winner: pin("winner") >>> 1,
    };
  }
  const { bits, below } = comparisonShape(modules, type);
  const side = (letter: string) => Array.from({ length: bits }, (_, k) => pin(`${letter}${k}`));
  return {
    tag: kind,
    a: side("a"),
    b: side("b"),
    below: below ? pin("below") : null,
    higher: pin("higher") >>> 1,
  };
}

/** Pins `m<match>_<pair>` of the index module. */
function readResults(
  connections: Readonly<Record<string, readonly Bit[]>>,
  pin: (name: string) => Literal,
): Literal[][] {
  const pins = Object.keys(connections);
  const results: Literal[][] = [];
  for (;;) {
    const match = results.length;
    const found = numbered(pins, (pair) => `m${match}_${pair}`);
    if (found.length === 0) return results;
    results.push(found.map(pin));
  }
}
