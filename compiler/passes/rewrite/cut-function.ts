import type { EditableNetlist } from "../../ir/editable-netlist.js";
import { GateKind } from "../../ir/gate-functions.js";
import { VARIABLES } from "./formulas.js";

/** Gates between a node and a cut that are looked at. */
const MOST_GATES = 16;

/**
 * The function of a node over a cut of at most four leaves, as a 16-bit truth table, or null if the leaves are no cut of
 * it (any more), or one far away.
 */
export function cutFunction(
  netlist: EditableNetlist,
  node: number,
  leaves: readonly number[],
): number | null {
  const known = new Map<number, number>([[0, 0]]);
  leaves.forEach((leaf, v) => {
    known.set(leaf, VARIABLES[v]!);
  });
  const read = (literal: number): number | null => {
    const value = evaluate(literal >>> 1);
    return value === null ? null : (literal & 1) === 1 ? ~value & 0xffff : value;
  };
  const evaluate = (gate: number): number | null => {
    const before = known.get(gate);
    if (before !== undefined) return before;
    if (!netlist.isGate(gate) || known.size > MOST_GATES + leaves.length) return null;
    const [a, b] = [read(netlist.fanin0[gate]!), read(netlist.fanin1[gate]!)];
    if (a === null || b === null) return null;
    const value = netlist.kind[gate] === GateKind.And ? a & b : a ^ b;
    known.set(gate, value);
    return value;
  };
  return evaluate(node);
}
