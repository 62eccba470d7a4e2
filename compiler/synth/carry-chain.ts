import type { Bit, YosysModule } from "../read/yosys-json.js";

type Cell = YosysModule["cells"][string];

/** Positions of a 7-series carry cell. */
const POSITIONS = 4;

/** A carry chain between LUTs: position `i` gives `select[i] ^ c` and passes on `select[i] ? c : added[i]` as c. */
export interface ChainNets {
  readonly carryIn: Bit;
  readonly added: readonly Bit[];
  readonly select: readonly Bit[];
  /** What the positions give; one more than those is the carry out. */
  readonly sums: readonly Bit[];
}

/**
 * A chain as `CARRY4` cells (Xilinx, "7 Series FPGAs Configurable Logic Block", UG474). The carry leaves it by the sum of
 * a further position that selects it.
 *
 * @param fresh gives nets that are free.
 */
export function carryCells({ carryIn, added, select, sums }: ChainNets, fresh: () => Bit): Cell[] {
  const cells: Cell[] = [];
  let carry: Bit = "0";
  for (let from = 0; from < sums.length; from += POSITIONS) {
    const four = (bits: readonly Bit[], unused: () => Bit): Bit[] =>
      Array.from({ length: POSITIONS }, (_, i) => bits[from + i] ?? unused());
    const carries = Array.from({ length: POSITIONS }, fresh);
    cells.push({
      type: "CARRY4",
      parameters: {},
      port_directions: { CI: "input", CYINIT: "input", DI: "input", S: "input", O: "output", CO: "output" },
      connections: {
        CI: [carry],
        CYINIT: [from === 0 ? carryIn : "0"],
        DI: four(added, () => "0"),
        S: four(select, () => "0"),
        O: four(sums, fresh),
        CO: carries,
      },
    });
    carry = carries.at(-1)!;
  }
  return cells;
}

/** A `CARRY4` as simple gates, its name in theirs. @param fresh gives nets that are free. */
export function carryGates(name: string, { connections }: Cell, fresh: () => Bit): [string, Cell][] {
  const gates: [string, Cell][] = [];
  const gate = (type: string, pins: Record<string, Bit>): void => {
    const bits = Object.entries(pins).map(([pin, bit]) => [pin, [bit]]);
    gates.push([`${name}:${gates.length}`, { type: `$_${type}_`, connections: Object.fromEntries(bits) }]);
  };
  // An input that is left open reads 0, an output that is left open is read by none but the next position.
  const input = (pin: string, i: number): Bit => connections[pin]?.[i] ?? "0";
  const output = (pin: string, i: number): Bit => {
    const bit = connections[pin]?.[i];
    return typeof bit === "number" ? bit : fresh();
  };
  let carry = fresh();
  gate("OR", { A: input("CI", 0), B: input("CYINIT", 0), Y: carry });
  for (let i = 0; i < POSITIONS; i++) {
    const select = input("S", i);
    gate("XOR", { A: select, B: carry, Y: output("O", i) });
    const next = output("CO", i);
    gate("MUX", { A: input("DI", i), B: carry, S: select, Y: next });
    carry = next;
  }
  return gates;
}
