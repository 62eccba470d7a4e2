import type { YosysModule } from "../read/yosys-json.js";
import { lutsInCarries } from "./carry-luts.js";

/** What a synthesised netlist takes, the same for every family. */
export interface Resources {
  /** Look-up tables of any size, inverters among them. */
  readonly luts: number;
  /** LUTs by inputs that the cell has, 1 to 6. */
  readonly lutSizes: readonly number[];
  /** Cells of carry chains. */
  readonly carries: number;
  /** Dedicated multiplexers behind LUTs. */
  readonly muxes: number;
  readonly flipFlops: number;
  /** Block and LUT memories. */
  readonly memories: number;
  readonly multipliers: number;
  /** iCE40: logic cells, counted as the packer fills them; else null. */
  readonly logicCells: number | null;
  /** Every cell type with its number. */
  readonly cells: Readonly<Record<string, number>>;
}

/** How much of a device its look-up tables take: logic cells, or LUTs with those that carry cells hold. */
export const lutPlaces = ({ logicCells, luts, cells }: Resources): number =>
  logicCells ?? luts + lutsInCarries(cells);

type Kind = "carries" | "muxes" | "flipFlops" | "memories" | "multipliers";

/** Cell types of all families; their names do not clash. */
const KINDS: readonly (readonly [RegExp, Kind])[] = [
  [/^(SB_CARRY|CARRY4|CARRY8|CCU2C|ALU|MISTRAL_ALUT_ARITH)$/, "carries"],
  [/^(MUXF[789]|PFUMX|L6MUX21|MUX2_LUT[5678]|\$_N?MUX\d*_)$/, "muxes"],
  [/^(SB_DFF|FD[CPRS]E|TRELLIS_FF|DFF|MISTRAL_FF|\$_S?DFFE?_|\$_SDFFCE_|\$_DFFSR|\$_ALDFF)/, "flipFlops"],
  [/^(SB_RAM|SB_SPRAM|RAM|SRL|DP16KD|PDPW16KD|TRELLIS_DPR|SP|SDP|DPB|MISTRAL_M|MISTRAL_MLAB)/, "memories"],
  [/^(SB_MAC16|DSP48|MULT\d|MISTRAL_MUL)/, "multipliers"],
];

/** The types of flip-flops among the cells. */
export const flipFlopTypes = ({ cells }: Pick<Resources, "cells">): string[] =>
  Object.keys(cells).filter((type) => KINDS.find(([types]) => types.test(type))?.[1] === "flipFlops");

const LUT = /^(?:SB_LUT|LUT|MISTRAL_ALUT)([1-6])$/;
/** Inverters that a family counts as cells of their own, in LUTs when placed. */
const INVERTER = /^(INV|MISTRAL_NOT|\$_NOT_)$/;

function lutInputs({ type, connections }: YosysModule["cells"][string]): number {
  if (type === "$lut") return connections["A"]!.length;
  return INVERTER.test(type) ? 1 : Number(LUT.exec(type)?.[1] ?? 0);
}

/** Count the cells of a flat netlist. */
export function countResources(module: YosysModule): Resources {
  const kinds: Record<Kind, number> = { carries: 0, muxes: 0, flipFlops: 0, memories: 0, multipliers: 0 };
  const lutSizes = [0, 0, 0, 0, 0, 0];
  const cells: Record<string, number> = {};
  for (const cell of Object.values(module.cells)) {
    cells[cell.type] = (cells[cell.type] ?? 0) + 1;
    const inputs = lutInputs(cell);
    if (inputs > 0) lutSizes[inputs - 1]!++;
    const kind = KINDS.find(([types]) => types.test(cell.type))?.[1];
    if (kind !== undefined) kinds[kind]++;
  }
  const luts = lutSizes.reduce((sum, n) => sum + n, 0);
  const sorted = Object.fromEntries(Object.entries(cells).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { luts, lutSizes, ...kinds, logicCells: ice40LogicCells(module), cells: sorted };
}

/**
 * Logic cells of an iCE40: one holds a LUT, the flip-flop that reads nothing but that LUT, and a carry whose two operands
 * are the LUT's inputs 1 and 2 and whose carry-in is its input 3. Null for other families.
 *
 * @remarks The packer may need a few more, to get carries in and out of a chain.
 */
function ice40LogicCells(module: YosysModule): number | null {
  const all = Object.values(module.cells);
  const luts = all.filter(({ type }) => type === "SB_LUT4");
  const flipFlops = all.filter(({ type }) => type.startsWith("SB_DFF"));
  const carries = all.filter(({ type }) => type === "SB_CARRY");
  if (luts.length + flipFlops.length + carries.length === 0) return null;
  const readers = new Map<unknown, number>();
  const read = (bit: unknown): void => void readers.set(bit, (readers.get(bit) ?? 0) + 1);
  for (const { connections } of all) for (const bits of Object.values(connections)) bits.forEach(read);
  for (const { direction, bits } of Object.values(module.ports))
    if (direction === "output") bits.forEach(read);
  // The LUT's own pin, and the flip-flop's.
  const alone = new Set(
    luts.map(({ connections }) => connections["O"]![0]).filter((bit) => readers.get(bit) === 2),
  );
  const packed = flipFlops.filter(({ connections }) => alone.has(connections["D"]![0])).length;
  const beside = new Set(luts.map(({ connections: { I1, I2, I3 } }) => [I1![0], I2![0], I3![0]].join()));
  const lone = carries.filter(
    ({ connections: { I0, I1, CI } }) => !beside.has([I0![0], I1![0], CI?.[0]].join()),
  );
  return luts.length + flipFlops.length - packed + lone.length;
}
