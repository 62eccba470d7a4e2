import { GateKind } from "./gate-functions.js";
import { firstGate, levels, type Netlist } from "./netlist.js";

/** The forms that a gate of an XOR-AND graph has by its complemented fanins; an output's complement belongs to its readers. */
export const GATE_SHAPES = ["a & b", "a & ~b", "~a & ~b", "a ^ b", "~(a ^ b)"] as const;

/** Shape `[levels][GATE_SHAPES]`: gates of each form at level 1, 2, …. */
export type GateProfile = readonly (readonly number[])[];

/** Count the gates of a netlist by level and form. */
export function gateProfile(netlist: Netlist): GateProfile {
  const level = levels(netlist);
  const first = firstGate(netlist);
  const profile: number[][] = [];
  for (let g = 0; g < netlist.kind.length; g++) {
    const l = level[first + g]! - 1;
    while (profile.length <= l) profile.push(GATE_SHAPES.map(() => 0));
    profile[l]![shapeOf(netlist, g)]!++;
  }
  return profile;
}

/** Index of a gate's form in `GATE_SHAPES`. */
function shapeOf({ kind, fanin0, fanin1 }: Netlist, g: number): number {
  const [a, b] = [fanin0[g]! & 1, fanin1[g]! & 1];
  return kind[g] === GateKind.And ? a + b : 3 + (a ^ b);
}
