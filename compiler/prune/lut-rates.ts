import { popcount } from "../../base/popcount.js";
import type { Design } from "../ir/design.js";
import { gateCount } from "../ir/netlist.js";
import { lutCost } from "../map/lut-cost.js";
import { foldReadout } from "./readout-fold.js";

/** LUTs that a gate of the core and a bit of the popcounts take on average. */
export interface LutRates {
  readonly gate: number;
  readonly bit: number;
}

/** Measured on a design, by our mapper. @param k inputs of a LUT. */
export function lutRates(design: Design, k: 4 | 6): LutRates {
  const { core, readout } = lutCost(foldReadout(design), k);
  return { gate: core / Math.max(1, gateCount(design.core)), bit: readout / Math.max(1, bitsOf(design)) };
}

/** LUTs of core and readout at given rates: what is saved by a change is known at once, without mapping. */
export const lutsAbout = (design: Design, { gate, bit }: LutRates): number =>
  gate * gateCount(design.core) + bit * bitsOf(design);

/** Bits that the popcounts add up once the readout is folded. */
const bitsOf = (design: Design): number =>
  foldReadout(design).readout.weight.reduce((sum, weight) => sum + popcount(Math.abs(weight)), 0);
