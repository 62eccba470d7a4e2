import { invariant } from "../../base/errors.js";

export type Family = "generic" | "ice40" | "ecp5" | "xilinx" | "gowin" | "intel";

/** A device, or a family of devices, that designs are made for. */
export interface Target {
  /** Such as `ice40:up5k`; what `--target` takes. */
  readonly name: string;
  readonly family: Family;
  readonly summary: string;
  /** Inputs of its look-up tables: 4 or 6. */
  readonly lutInputs: 4 | 6;
  /** LUTs (logic cells for iCE40), flip-flops and pins of the device; null for a whole family. */
  readonly capacity: { readonly luts: number; readonly flipFlops: number; readonly pins: number } | null;
}

const ice40 = (device: string, cells: number, pins: number): Target => ({
  name: `ice40:${device}`,
  family: "ice40",
  summary: `Lattice iCE40 ${device.toUpperCase()}, ${cells.toLocaleString("en-US")} logic cells`,
  lutInputs: 4,
  // A logic cell is one LUT and one flip-flop; which of them share a cell is for the packer.
  capacity: { luts: cells, flipFlops: cells, pins },
});

const family = (name: string, of: Family, lutInputs: 4 | 6, summary: string): Target => ({
  name,
  family: of,
  summary,
  lutInputs,
  capacity: null,
});

/** Every target, the default first. */
export const TARGETS: readonly Target[] = [
  family("generic", "generic", 6, "no vendor, not synthesised"),
  family("generic:6", "generic", 6, "no vendor: look-up tables of up to 6 inputs"),
  family("generic:4", "generic", 4, "no vendor: look-up tables of up to 4 inputs"),
  ice40("hx1k", 1280, 95),
  ice40("hx8k", 7680, 206),
  ice40("up5k", 5280, 39),
  family("ecp5", "ecp5", 4, "Lattice ECP5"),
  family("xilinx:7", "xilinx", 6, "AMD Xilinx 7-series"),
  family("xilinx:us+", "xilinx", 6, "AMD Xilinx UltraScale+"),
  family("gowin", "gowin", 4, "Gowin LittleBee and Arora"),
  family("intel", "intel", 6, "Intel Cyclone V and 10 GX (adaptive logic modules)"),
];

export const TARGET_NAMES: readonly string[] = TARGETS.map(({ name }) => name);

/** The target of a name in the table. */
export function findTarget(name: string): Target {
  const found = TARGETS.find((target) => target.name === name);
  invariant(found !== undefined, `there is no target ${name}`);
  return found;
}
