import { type Literal, literalOf, notIf } from "./literal.js";
import { firstGate, type Netlist, originOf } from "./netlist.js";
import type { NetlistBuilder } from "./netlist-builder.js";

/**
 * Build a netlist's gates within another one.
 *
 * @param inputs shape `[netlist.inputs]`: what each primary input is there.
 * @returns shape `[outputs]`: what each output is there.
 */
export function appendNetlist(
  builder: NetlistBuilder,
  netlist: Netlist,
  inputs: readonly Literal[],
): Literal[] {
  const first = firstGate(netlist);
  const moved = new Uint32Array(first + netlist.kind.length);
  moved[0] = literalOf(0);
  moved.set(inputs, 1);
  const at = (literal: number): Literal => notIf(moved[literal >>> 1]! as Literal, (literal & 1) === 1);
  for (let g = 0; g < netlist.kind.length; g++) {
    const kind = netlist.kind[g]! as 0 | 1;
    moved[first + g] = builder.gate(
      kind,
      at(netlist.fanin0[g]!),
      at(netlist.fanin1[g]!),
      originOf(netlist, g),
    );
  }
  return Array.from(netlist.outputs, at);
}
