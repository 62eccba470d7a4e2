import { defineAnd, defineXor } from "../../sat/definitions.js";
import type { Solver } from "../../sat/solver.js";
import { GateKind } from "../ir/gate-functions.js";
import { type Literal, literalOf, notIf } from "../ir/literal.js";
import { firstGate, type Netlist, nodeCount } from "../ir/netlist.js";
import { LITERAL, NetlistBuilder } from "../ir/netlist-builder.js";

/** The part of a netlist that one literal depends on. */
export interface Cone {
  /** One output, the literal; its inputs are `support`, in order. */
  readonly netlist: Netlist;
  /** Primary inputs of the whole netlist, ascending. */
  readonly support: readonly number[];
}

/** The transitive fanin of a literal as a netlist of its own. */
export function extractCone(netlist: Netlist, literal: number): Cone {
  const first = firstGate(netlist);
  const seen = new Set<number>([literal >>> 1]);
  const stack = [literal >>> 1];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node < first) continue;
    for (const fanin of [netlist.fanin0[node - first]! >>> 1, netlist.fanin1[node - first]! >>> 1]) {
      if (seen.has(fanin)) continue;
      seen.add(fanin);
      stack.push(fanin);
    }
  }
  const nodes = [...seen].sort((x, y) => x - y);
  const support = nodes.filter((node) => node >= 1 && node < first).map((node) => node - 1);
  const builder = new NetlistBuilder(support.length, LITERAL);
  const moved = new Map<number, Literal>([[0, literalOf(0)]]);
  support.forEach((input, i) => {
    moved.set(1 + input, literalOf(1 + i));
  });
  const at = (l: number): Literal => notIf(moved.get(l >>> 1)!, (l & 1) === 1);
  for (const node of nodes) {
    if (node < first) continue;
    const g = node - first;
    moved.set(node, builder.gate(netlist.kind[g]! as 0 | 1, at(netlist.fanin0[g]!), at(netlist.fanin1[g]!)));
  }
  return { netlist: builder.finish([at(literal)]), support };
}

/** Output 0 of a netlist in clauses, node `n` as variable `n` and the constant as the last variable; gives its literal. */
export function addNetlist(solver: Solver, netlist: Netlist): number {
  const nodes = nodeCount(netlist);
  for (let n = 0; n < nodes; n++) solver.addVariable();
  const variable = (literal: number): number => {
    const v = literal >>> 1 === 0 ? nodes : literal >>> 1;
    return (literal & 1) === 1 ? -v : v;
  };
  solver.addClause([-nodes]);
  for (let g = 0; g < netlist.kind.length; g++) {
    const define = netlist.kind[g] === GateKind.And ? defineAnd : defineXor;
    define(solver, firstGate(netlist) + g, variable(netlist.fanin0[g]!), variable(netlist.fanin1[g]!));
  }
  return variable(netlist.outputs[0]!);
}
