import { GateKind } from "../ir/gate-functions.js";
import { firstGate, type Netlist, nodeCount } from "../ir/netlist.js";
import type { References } from "./references.js";

/** Leaves of a cone at most: 64 patterns. */
export const LEAVES = 6;

/** A truth table over the patterns of the leaves, leaf `i` being bit `i` of the pattern's number: two words. */
export type Table = readonly [low: number, high: number];

/** A gate as a function of a few nodes before it, some of which nothing else reads. */
export interface Cone {
  readonly node: number;
  readonly table: Table;
  /** At most `LEAVES` nodes. */
  readonly leaves: readonly number[];
  /** Nodes of the cone that stay when the gate goes: leaves, and gates that others read too. */
  readonly divisors: readonly { readonly node: number; readonly table: Table }[];
}

const VARIABLES: readonly Table[] = [
  ...[0xaaaa_aaaa, 0xcccc_cccc, 0xf0f0_f0f0, 0xff00_ff00, 0xffff_0000].map((word): Table => [word, word]),
  [0, 0xffff_ffff],
];

/** The cones of all gates that free others with them: only there can another gate in its place save any. */
export function conesOf(core: Netlist, references: References): Cone[] {
  const cones: Cone[] = [];
  for (let node = firstGate(core); node < nodeCount(core); node++) {
    const freed = references.cone(node);
    if (freed.length > 1) cones.push(coneOf(core, node, new Set(freed)));
  }
  return cones;
}

function coneOf(core: Netlist, node: number, freed: ReadonlySet<number>): Cone {
  const first = firstGate(core);
  const faninsOf = (gate: number): number[] => [
    core.fanin0[gate - first]! >>> 1,
    core.fanin1[gate - first]! >>> 1,
  ];
  const inner = [node];
  let leaves = [...new Set(faninsOf(node))];
  for (;;) {
    // What would go is looked into first, then the highest.
    const open = leaves.filter((leaf) => leaf >= first);
    open.sort((x, y) => Number(freed.has(y)) - Number(freed.has(x)) || y - x);
    const grown = open
      .map((gate) => ({
        gate,
        leaves: [...new Set([...leaves.filter((l) => l !== gate), ...faninsOf(gate)])],
      }))
      .find((after) => after.leaves.length <= LEAVES);
    if (grown === undefined) break;
    inner.push(grown.gate);
    leaves = grown.leaves;
  }
  const tables = tablesOf(core, leaves, inner);
  const divisors = [...leaves, ...inner.filter((gate) => !freed.has(gate))];
  return {
    node,
    table: tables.get(node)!,
    leaves,
    divisors: divisors.map((divisor) => ({ node: divisor, table: tables.get(divisor)! })),
  };
}

function tablesOf(core: Netlist, leaves: readonly number[], inner: number[]): Map<number, Table> {
  const first = firstGate(core);
  const tables = new Map<number, Table>([[0, [0, 0]]]);
  leaves.forEach((leaf, i) => {
    if (leaf !== 0) tables.set(leaf, VARIABLES[i]!);
  });
  const at = (literal: number, word: 0 | 1): number => tables.get(literal >>> 1)![word] ^ -(literal & 1);
  for (const gate of inner.sort((x, y) => x - y)) {
    const [f0, f1] = [core.fanin0[gate - first]!, core.fanin1[gate - first]!];
    const word = (w: 0 | 1): number =>
      (core.kind[gate - first] === GateKind.And ? at(f0, w) & at(f1, w) : at(f0, w) ^ at(f1, w)) >>> 0;
    tables.set(gate, [word(0), word(1)]);
  }
  return tables;
}
