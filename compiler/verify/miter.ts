import { invariant } from "../../base/errors.js";
import { type Literal, literalOf, notIf } from "../ir/literal.js";
import { firstGate, type Netlist, nodeCount } from "../ir/netlist.js";
import { HASHING, NetlistBuilder } from "../ir/netlist-builder.js";

/** Two netlists over the same inputs, hashed together, and the outputs whose equality is not yet plain. */
export interface Miter {
  /** Its outputs are the differences, in order. */
  readonly netlist: Netlist;
  /** Outputs that became the same literal. */
  readonly structural: number;
  /** `literal` is 1 for the inputs on which output `output` differs. */
  readonly differences: readonly { readonly output: number; readonly literal: Literal }[];
}

/** @throws {InvariantError} unless both have the same number of inputs and outputs. */
export function buildMiter(a: Netlist, b: Netlist): Miter {
  invariant(a.inputs === b.inputs, `a miter of ${a.inputs} and ${b.inputs} inputs`);
  invariant(
    a.outputs.length === b.outputs.length,
    `a miter of ${a.outputs.length} and ${b.outputs.length} outputs`,
  );
  const builder = new NetlistBuilder(a.inputs, HASHING);
  const [left, right] = [copyInto(builder, a), copyInto(builder, b)];
  const differences = left.flatMap((literal, output) =>
    literal === right[output] ? [] : [{ output, literal: builder.xor(literal, right[output]!) }],
  );
  return {
    netlist: builder.finish(differences.map(({ literal }) => literal)),
    structural: left.length - differences.length,
    differences,
  };
}

/** Add the gates of `netlist` to a builder with as many inputs; gives its outputs there. */
export function copyInto(builder: NetlistBuilder, netlist: Netlist): Literal[] {
  const moved = new Uint32Array(nodeCount(netlist));
  for (let i = 0; i <= netlist.inputs; i++) moved[i] = literalOf(i);
  const at = (literal: number): Literal => notIf(moved[literal >>> 1]! as Literal, (literal & 1) === 1);
  for (let g = 0; g < netlist.kind.length; g++) {
    moved[firstGate(netlist) + g] = builder.gate(
      netlist.kind[g]! as 0 | 1,
      at(netlist.fanin0[g]!),
      at(netlist.fanin1[g]!),
    );
  }
  return Array.from(netlist.outputs, at);
}
