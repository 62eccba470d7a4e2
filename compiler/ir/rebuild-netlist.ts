import type { GateKind } from "./gate-functions.js";
import { type Literal, literalOf, notIf } from "./literal.js";
import { firstGate, type Netlist, nodeCount, originOf } from "./netlist.js";
import { type BuilderOptions, NetlistBuilder } from "./netlist-builder.js";

export interface RebuiltNetlist {
  readonly netlist: Netlist;
  /** Shape `[nodes before]`: the literal of each node in the new netlist; constant false for a gate left out. */
  readonly moved: Uint32Array;
}

/** What a gate computes instead: a function of literals of lower nodes. */
export interface Redefinition {
  readonly kind: GateKind;
  readonly fanin0: number;
  readonly fanin1: number;
  readonly complement: boolean;
}

/**
 * Build a netlist again, gate by gate, with what the builder's options simplify.
 *
 * @param instead for gate `g`: undefined to build it; the literal, of a lower node of the old netlist, that stands for
 *   it, or the gate that does; or null to leave it out, when none that is built reads it.
 */
export function rebuildNetlist(
  netlist: Netlist,
  options: BuilderOptions,
  instead: (g: number) => number | Redefinition | null | undefined,
): RebuiltNetlist {
  const builder = new NetlistBuilder(netlist.inputs, options);
  const first = firstGate(netlist);
  const moved = new Uint32Array(nodeCount(netlist));
  for (let node = 0; node < first; node++) moved[node] = literalOf(node);
  const at = (literal: number): Literal => notIf(moved[literal >>> 1]! as Literal, (literal & 1) === 1);
  for (let g = 0; g < netlist.kind.length; g++) {
    const given = instead(g);
    if (given === null) continue;
    if (typeof given === "number") {
      moved[first + g] = at(given);
      continue;
    }
    const kind = given?.kind ?? (netlist.kind[g]! as GateKind);
    const [a, b] = [given?.fanin0 ?? netlist.fanin0[g]!, given?.fanin1 ?? netlist.fanin1[g]!];
    const built = builder.gate(kind, at(a), at(b), originOf(netlist, g));
    moved[first + g] = notIf(built, given?.complement === true);
  }
  return { netlist: builder.finish(Array.from(netlist.outputs, at)), moved };
}
