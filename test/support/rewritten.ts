import type { Random } from "../../base/random.js";
import { GateKind } from "../../compiler/ir/gate-functions.js";
import { type Literal, literalOf, not, notIf } from "../../compiler/ir/literal.js";
import { firstGate, type Netlist, nodeCount } from "../../compiler/ir/netlist.js";
import { LITERAL, NetlistBuilder } from "../../compiler/ir/netlist-builder.js";

/** The same function in other gates: XORs as ANDs, ANDs as XORs and more ANDs, fanins commuted, here and there. */
export function rewritten(netlist: Netlist, random: Random): Netlist {
  const b = new NetlistBuilder(netlist.inputs, LITERAL);
  const moved = new Uint32Array(nodeCount(netlist));
  for (let i = 0; i <= netlist.inputs; i++) moved[i] = literalOf(i);
  const at = (literal: number): Literal => notIf(moved[literal >>> 1]! as Literal, (literal & 1) === 1);
  for (let g = 0; g < netlist.kind.length; g++) {
    let [x, y] = [at(netlist.fanin0[g]!), at(netlist.fanin1[g]!)];
    if (random.below(2) === 0) [x, y] = [y, x];
    const isAnd = netlist.kind[g] === GateKind.And;
    const same = random.below(3) === 0;
    const gate = same
      ? b.gate(isAnd ? GateKind.And : GateKind.Xor, x, y)
      : isAnd
        ? b.xor(x, b.and(x, not(y))) // x & y = x ^ (x & ~y)
        : b.or(b.and(x, not(y)), b.and(not(x), y));
    moved[firstGate(netlist) + g] = gate;
  }
  return b.finish(Array.from(netlist.outputs, at));
}
