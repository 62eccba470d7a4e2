import { GateKind } from "../../ir/gate-functions.js";
import { type Literal, notIf } from "../../ir/literal.js";
import { firstGate, type Netlist } from "../../ir/netlist.js";
import { HASHING, NetlistBuilder } from "../../ir/netlist-builder.js";

/**
 * What lies between a cut and some nodes: input `i` is node `from[i]`, output `o` the value of node `to[o]`.
 *
 * @returns a primary input that is not in the cut and that some output depends on, in place of a netlist.
 */
export function cutNetlist(core: Netlist, from: readonly number[], to: readonly number[]): Netlist | number {
  const builder = new NetlistBuilder(from.length, HASHING);
  const first = firstGate(core);
  const known = new Map<number, Literal>([[0, 0 as Literal]]);
  for (const [i, node] of from.entries()) known.set(node, builder.input(i));
  const stack = [...to];
  while (stack.length > 0) {
    const node = stack.at(-1)!;
    if (known.has(node)) {
      stack.pop();
      continue;
    }
    if (node < first) return node - 1;
    const fanins = [core.fanin0[node - first]!, core.fanin1[node - first]!];
    const missing = fanins.map((literal) => literal >>> 1).filter((fanin) => !known.has(fanin));
    stack.push(...missing);
    if (missing.length > 0) continue;
    const [a, b] = fanins.map((literal) => notIf(known.get(literal >>> 1)!, (literal & 1) === 1));
    known.set(node, core.kind[node - first] === GateKind.And ? builder.and(a!, b!) : builder.xor(a!, b!));
  }
  return builder.finish(to.map((node) => known.get(node)!));
}
