import type { Family } from "../ir/target.js";
import { type Bit, LUT, type YosysModule } from "../read/yosys-json.js";
import { carryGates } from "./carry-chain.js";
import { carryLutGates, isCarryWithLuts } from "./carry-luts.js";
import { LUT_PRIMITIVES, lutSize } from "./primitives.js";

type Cell = YosysModule["cells"][string];

/** Pins of a cell by what they are in the simple gate that it is. */
interface Plain {
  readonly gate: "$_BUF_" | "$_NOT_" | "$_MUX_" | "majority";
  readonly pins: Readonly<Record<string, string>>;
  readonly constant?: Bit;
}

const mux = (Y: string, A: string, B: string, S: string): Plain => ({ gate: "$_MUX_", pins: { A, B, S, Y } });

/** Cells beside LUTs that are one gate. */
const PLAIN: Readonly<Record<string, Plain>> = {
  VCC: { gate: "$_BUF_", pins: { Y: "V" }, constant: "1" },
  GND: { gate: "$_BUF_", pins: { Y: "G" }, constant: "0" },
  INV: { gate: "$_NOT_", pins: { A: "I", Y: "O" } },
  MISTRAL_NOT: { gate: "$_NOT_", pins: { A: "A", Y: "Q" } },
  SB_CARRY: { gate: "majority", pins: { A: "I0", B: "I1", S: "CI", Y: "CO" } },
  MUXF7: mux("O", "I0", "I1", "S"),
  MUXF8: mux("O", "I0", "I1", "S"),
  MUXF9: mux("O", "I0", "I1", "S"),
  PFUMX: mux("Z", "BLUT", "ALUT", "C0"),
  L6MUX21: mux("Z", "D0", "D1", "SD"),
  MUX2_LUT5: mux("O", "I0", "I1", "S0"),
  MUX2_LUT6: mux("O", "I0", "I1", "S0"),
  MUX2_LUT7: mux("O", "I0", "I1", "S0"),
  MUX2_LUT8: mux("O", "I0", "I1", "S0"),
};

/**
 * A synthesised module with every LUT of its family written as Yosys's `$lut`, and constants, inverters and carry chains
 * as simple gates, so that `elaborate` reads it. Other cells stay as they are.
 */
export function withGenericCells(module: YosysModule, family: Family): YosysModule {
  let free = firstFreeNet(module);
  const fresh = (): Bit => free++;
  const cells = Object.entries(module.cells).flatMap(([name, cell]) => {
    if (family === "xilinx" && cell.type === "CARRY4") return carryGates(name, cell, fresh);
    if (isCarryWithLuts(family, cell)) return carryLutGates(name, cell, fresh);
    return [[name, genericCell(cell, family)] as const];
  });
  return { ...module, cells: Object.fromEntries(cells) };
}

/** The lowest number above those of all nets. */
export function firstFreeNet({ ports, cells }: YosysModule): number {
  const nets = [
    ...Object.values(ports).map(({ bits }) => bits),
    ...Object.values(cells).flatMap(({ connections }) => Object.values(connections)),
  ].flat();
  return nets.reduce<number>((free, net) => (typeof net === "number" ? Math.max(free, net + 1) : free), 2);
}

function genericCell(cell: Cell, family: Family): Cell {
  if (family === "generic") return cell;
  const plain = PLAIN[cell.type];
  if (plain !== undefined) return plainCell(cell, plain);
  const primitive = LUT_PRIMITIVES[family];
  const size = lutSize(primitive, cell.type);
  if (size === 0) return cell;
  const A = primitive.inputs.slice(0, size).flatMap((pin) => cell.connections[pin] ?? ["0"]);
  const table = String(cell.parameters?.[primitive.parameter] ?? "");
  return {
    type: LUT,
    parameters: { LUT: table },
    connections: { A, Y: cell.connections[primitive.output] ?? [] },
  };
}

function plainCell(cell: Cell, { gate, pins, constant }: Plain): Cell {
  // A pin that is left open reads 0.
  const at = (pin: string): Bit[] => cell.connections[pin] ?? ["0"];
  const connections = Object.fromEntries(Object.entries(pins).map(([to, from]) => [to, at(from)]));
  if (constant !== undefined) return { type: gate, connections: { ...connections, A: [constant] } };
  if (gate !== "majority") return { type: gate, connections };
  const { A, B, S, Y } = connections as Record<"A" | "B" | "S" | "Y", Bit[]>;
  return { type: LUT, parameters: { LUT: "11101000" }, connections: { A: [...A, ...B, ...S], Y } };
}
