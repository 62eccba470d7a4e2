import { CnfBuilder } from "../../sat/cnf-builder.js";
import type { Cnf } from "../../sat/solver.js";
import { GateKind } from "../ir/gate-functions.js";
import { type Literal, literalOf, notIf } from "../ir/literal.js";
import { firstGate, type Netlist } from "../ir/netlist.js";
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

/**
 * "Output 0 is 1" in conjunctive normal form (Tseitin, "On the complexity of derivation in propositional
 * calculus", 1968). Variable `1 + i` is input `i`.
 */
export function cnfOfCone(netlist: Netlist): Cnf {
  const cnf = new CnfBuilder(netlist.inputs + netlist.kind.length + 1);
  // Node n is variable n; the constant, node 0, is the last variable.
  const constant = netlist.inputs + netlist.kind.length + 1;
  const variable = (literal: number): number => {
    const v = literal >>> 1 === 0 ? constant : literal >>> 1;
    return (literal & 1) === 1 ? -v : v;
  };
  cnf.add([-constant]);
  for (let g = 0; g < netlist.kind.length; g++) {
    const [out, a, b] = [firstGate(netlist) + g, variable(netlist.fanin0[g]!), variable(netlist.fanin1[g]!)];
    if (netlist.kind[g] === GateKind.And) cnf.defineAnd(out, a, b);
    else cnf.defineXor(out, a, b);
  }
  cnf.add([variable(netlist.outputs[0]!)]);
  return cnf.finish();
}
