import type { Family } from "../ir/target.js";
import { type Bit, LUT, type YosysModule } from "../read/yosys-json.js";

type Cell = YosysModule["cells"][string];

/** One position of a chain whose operands go through look-up tables of the cell's own. */
interface Position {
  /** What is added to the carry, bits `A`, `B` … of the table's index from the low one up. */
  readonly sum: { readonly table: string; readonly inputs: readonly Bit[] };
  /** What the carry becomes where the sum's bit is 0; where it is 1, the carry goes on. */
  readonly generated: { readonly table: string; readonly inputs: readonly Bit[] };
  /** Whether the carry is added to the sum's bit. */
  readonly adds: boolean;
  readonly sumPin: string;
}

/** LUTs that a carry cell holds, and that nothing else can use then. */
const LUTS_INSIDE: Readonly<Record<string, number>> = { CCU2C: 2, ALU: 1, MISTRAL_ALUT_ARITH: 1 };

/** Look-up tables that the carry cells of a netlist take the place of. @param cells cell types with their number. */
export const lutsInCarries = (cells: Readonly<Record<string, number>>): number =>
  Object.entries(LUTS_INSIDE).reduce((sum, [type, luts]) => sum + luts * (cells[type] ?? 0), 0);

/** Whether a cell is a carry cell of ECP5, Gowin or Intel that `carryLutGates` knows. */
export const isCarryWithLuts = (family: Family, { type, parameters }: Cell): boolean =>
  (family === "ecp5" && type === "CCU2C") ||
  (family === "intel" && type === "MISTRAL_ALUT_ARITH") ||
  (family === "gowin" && type === "ALU" && GOWIN_SUMS[number(parameters?.["ALU_MODE"])] !== undefined);

/** A carry cell as simple gates and LUTs, its name in theirs. @param fresh gives nets that are free. */
export function carryLutGates(name: string, cell: Cell, fresh: () => Bit): [string, Cell][] {
  const { type, connections } = cell;
  const gates: [string, Cell][] = [];
  const add = (
    gate: string,
    pins: Record<string, readonly Bit[]>,
    parameters?: Record<string, string>,
  ): void => {
    const connected = Object.fromEntries(Object.entries(pins).map(([pin, bits]) => [pin, [...bits]]));
    gates.push([
      `${name}:${gates.length}`,
      { type: gate, ...(parameters && { parameters }), connections: connected },
    ]);
  };
  const output = (pin: string): Bit => {
    const bit = connections[pin]?.[0];
    return typeof bit === "number" ? bit : fresh();
  };
  const lut = ({ table, inputs }: Position["sum"]): Bit => {
    const Y = fresh();
    add(LUT, { A: inputs, Y: [Y] }, { LUT: table });
    return Y;
  };
  const positions = POSITIONS[type]!(cell);
  let carry = connections[type === "MISTRAL_ALUT_ARITH" ? "CI" : "CIN"]?.[0] ?? "0";
  positions.forEach(({ sum, generated, adds, sumPin }, i) => {
    const bit = lut(sum);
    add("$_XOR_", { A: [bit], B: [adds ? carry : "0"], Y: [output(sumPin)] });
    const out = type === "MISTRAL_ALUT_ARITH" ? "CO" : "COUT";
    const next = i === positions.length - 1 ? output(out) : fresh();
    add("$_MUX_", { A: [lut(generated)], B: [carry], S: [bit], Y: [next] });
    carry = next;
  });
  return gates;
}

/** A parameter as a number: Yosys writes them as numbers or as binary text. */
const number = (value: string | number | undefined): number =>
  typeof value === "number" ? value : Number.parseInt(value ?? "0", 2);

const POSITIONS: Readonly<Record<string, (cell: Cell) => readonly Position[]>> = {
  CCU2C: (cell) => [0, 1].map((half) => ecp5Half(cell, half)),
  ALU: (cell) => [gowinAlu(cell)],
  MISTRAL_ALUT_ARITH: (cell) => [intelArithmetic(cell)],
};

/** An input that is left open reads 0. */
const inputsOf = ({ connections }: Cell, pins: readonly string[]): Bit[] =>
  pins.map((pin) => connections[pin]?.[0] ?? "0");

/** Lattice ECP5: half a CCU2C, whose lower four table bits generate the carry from A and B. */
function ecp5Half(cell: Cell, half: number): Position {
  const table = String(cell.parameters?.[`INIT${half}`] ?? "").padStart(16, "0");
  const adds = cell.parameters?.[`INJECT1_${half}`] === "NO";
  return {
    sum: { table, inputs: inputsOf(cell, [`A${half}`, `B${half}`, `C${half}`, `D${half}`]) },
    generated: {
      table: adds ? table.slice(-4) : "0000",
      inputs: inputsOf(cell, [`A${half}`, `B${half}`]),
    },
    adds,
    sumPin: `S${half}`,
  };
}

/** Tables of I0, I1, I3 by mode: add, subtract, and either, which I3 chooses. */
const GOWIN_SUMS: Readonly<Record<number, string>> = { 0: "01100110", 1: "10011001", 2: "01101001" };

/** Gowin: an ALU that adds or subtracts. */
function gowinAlu(cell: Cell): Position {
  return {
    sum: {
      table: GOWIN_SUMS[number(cell.parameters?.["ALU_MODE"])]!,
      inputs: inputsOf(cell, ["I0", "I1", "I3"]),
    },
    generated: { table: "10", inputs: inputsOf(cell, ["I0"]) },
    adds: true,
    sumPin: "SUM",
  };
}

/** Intel: an adaptive LUT whose halves, the second one complemented, are added to the carry: two tables of A, B, C, D0, D1. */
function intelArithmetic(cell: Cell): Position {
  const [first, second] = ["LUT0", "LUT1"].map((name) =>
    String(cell.parameters?.[name] ?? "").padStart(16, "0"),
  );
  const at = (table: string, index: number): number => Number(table[15 - index]);
  const value = (low: number, d0: number, d1: number): [number, number] => [
    at(first!, low + 8 * d0),
    1 - at(second!, low + 8 * d1),
  ];
  const table = (of: (a: number, b: number) => number): string =>
    Array.from({ length: 32 }, (_, i) => of(...value(i & 7, (i >> 3) & 1, i >> 4)))
      .reverse()
      .join("");
  const inputs = inputsOf(cell, ["A", "B", "C", "D0", "D1"]);
  return {
    sum: { table: table((a, b) => a ^ b), inputs },
    generated: { table: table((a) => a), inputs },
    adds: true,
    sumPin: "SO",
  };
}
