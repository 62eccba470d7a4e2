import { addColumns } from "../../map/add-columns.js";
import { type Chain, chainOperands } from "../../map/counter.js";
import type { ReadoutCell } from "../../map/readout-circuit.js";
import { type ModuleText, moduleText, vector } from "./module.js";
import type { ModuleNames } from "./names.js";

/** Keeps cells as modules through synthesis: no tool tears them apart, and the proof cuts there. */
export const KEEP = "keep_hierarchy";

/** Ports of a cell: input `j` of column `i`, output of weight `2^i`, and those of comparisons and choices. */
export const CELL_PORTS = {
  counterInput: (column: number, j: number) => `i${column}_${j}`,
  counterOutput: (column: number) => `o${column}`,
  comparison: (side: "a" | "b", bit: number) => `${side}${bit}`,
  below: "below",
  higher: "higher",
  win: (pair: number) => `win${pair}`,
  side: (side: number) => `s${side}`,
  winner: "winner",
} as const;

/** The module that a cell is an instance of. */
export function cellModule(cell: ReadoutCell, names: ModuleNames): string {
  if (cell.tag === "choice") return names.choice(cell.sides.length);
  if (cell.tag === "comparison") return names.comparison(cell.a.length, cell.below !== null);
  const heights = cell.inputs.map(({ length }) => length);
  return names.counter(heights, cell.outputs.length);
}

/** Ports of a cell's module, in the order of `cellInputs` and `cellOutputs`. */
export function cellPorts(cell: ReadoutCell): { inputs: string[]; outputs: string[] } {
  const { counterInput, counterOutput, comparison, below, higher, win, side, winner } = CELL_PORTS;
  if (cell.tag === "counter") {
    return {
      inputs: cell.inputs.flatMap((bits, i) => bits.map((_, j) => counterInput(i, j))),
      outputs: cell.outputs.map((_, i) => counterOutput(i)),
    };
  }
  if (cell.tag === "choice")
    return {
      inputs: [...cell.wins.map((_, p) => win(p)), ...cell.sides.map((_, s) => side(s))],
      outputs: [winner],
    };
  const bits = (letter: "a" | "b"): string[] => cell.a.map((_, k) => comparison(letter, k));
  return {
    inputs: [...bits("a"), ...bits("b"), ...(cell.below === null ? [] : [below])],
    outputs: [higher],
  };
}

/** The text of a cell's module. */
export function cellText(cell: ReadoutCell, names: ModuleNames, comment: readonly string[]): string {
  const head: Omit<ModuleText, "body" | "comment"> = {
    attribute: KEEP,
    name: cellModule(cell, names),
    ...cellPorts(cell),
  };
  if (cell.tag === "counter") {
    const columns = cell.inputs.map((bits, i) => bits.map((_, j) => CELL_PORTS.counterInput(i, j)));
    return moduleText({
      ...head,
      comment: [...comment, "Adds up: bits i<k>_<j> and o<k> have weight 2^k."],
      body: counterBody(columns, cell.chain, head.outputs),
    });
  }
  if (cell.tag === "choice") {
    const [first, last, lastOverSecond] = cell.wins.map((_, p) => CELL_PORTS.win(p));
    const ofTwo = `${first} ? s1 : s0`;
    const chosen =
      cell.sides.length === 2 ? ofTwo : `(${first} ? ${lastOverSecond} : ${last}) ? s2 : ${ofTwo}`;
    return moduleText({ ...head, comment, body: [`assign ${CELL_PORTS.winner} = ${chosen};`] });
  }
  return moduleText({
    ...head,
    comment: [...comment, "Whether b > a; where they are equal, what the bits below say."],
    body: comparisonBody(cell.a.length, cell.below !== null),
  });
}

/** One line a bit: bits that differ decide, equal ones leave it to those below. */
function comparisonBody(bits: number, chained: boolean): string[] {
  const lines = Array.from({ length: bits }, (_, k) => {
    const net = k === bits - 1 ? CELL_PORTS.higher : `h${k}`;
    const wins = `(b${k} & ~a${k})`;
    const below = k > 0 ? `h${k - 1}` : chained ? CELL_PORTS.below : null;
    const value = below === null ? wins : `${wins} | (~(a${k} ^ b${k}) & ${below})`;
    return [...(k === bits - 1 ? [] : [`wire ${net};`]), `assign ${net} = ${value};`];
  });
  return lines.flat();
}

/** Adders of the columns' bits as wires `w<n>`; gives the bits of the sum. */
function sumWires(columns: readonly (readonly string[])[], outputs: number, body: string[]): string[] {
  const wire = (value: string): string => {
    const name = `w${body.length}`;
    body.push(`wire ${name};`, `assign ${name} = ${value};`);
    return name;
  };
  const add = (bits: readonly string[], carryWanted: boolean): { sum: string; carry: string } => {
    const [a, b, c] = bits as [string, string, string?];
    const carry = c === undefined ? `${a} & ${b}` : `(${a} & ${b}) | (${c} & (${a} ^ ${b}))`;
    return { sum: wire(bits.join(" ^ ")), carry: carryWanted ? wire(carry) : "" };
  };
  return addColumns(columns, outputs, add, "1'b0");
}

function counterBody(
  columns: readonly (readonly string[])[],
  chain: Chain | null,
  outputs: readonly string[],
): string[] {
  const body: string[] = [];
  if (chain === null) {
    const bits = sumWires(columns, outputs.length, body);
    return [...body, ...outputs.map((port, k) => `assign ${port} = ${bits[k]};`)];
  }
  const { carryIn, added, counted } = chainOperands(chain, columns, (own, width) =>
    sumWires(own, width, body),
  );
  const positions = counted.length;
  body.push(
    `wire ${vector(positions, "counted")};`,
    `assign counted = {${[...counted].reverse().join(", ")}};`,
  );
  body.push(`wire ${vector(positions, "added")};`, `assign added = {${[...added].reverse().join(", ")}};`);
  return [...body, ...addition([...outputs].reverse(), positions, carryIn)];
}

/**
 * The carry chain. A carry input is a position of its own below the others. Synthesis wires the minuend straight to
 * the chain and puts only the other number into LUTs, so what the LUTs count is subtracted, complemented.
 */
function addition(outputs: readonly string[], positions: number, carryIn: string | null): string[] {
  const open = outputs.length > positions;
  if (carryIn === null) {
    const top = open ? "1'b0, " : "";
    return [`assign {${outputs.join(", ")}} = {${top}added} + {${top}counted};`];
  }
  const [zero, one] = open ? ["1'b0, ", "1'b1, "] : ["", ""];
  return [
    "wire unused_lowest;",
    `assign {${outputs.join(", ")}, unused_lowest} = {${zero}added, ${carryIn}} - {${one}~counted, 1'b1};`,
  ];
}
