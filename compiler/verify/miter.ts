import { invariant } from "../../base/errors.js";
import type { Netlist } from "../ir/netlist.js";
import { gateCount } from "../ir/netlist.js";

/**
 * Two netlists over the same inputs as one: the gates of `a`, then those of `b`, nothing simplified; the outputs of
 * `a`, then those of `b`. What has to hold of it is that output `o` and output `o + a.outputs.length` are equal.
 *
 * @throws {InvariantError} unless both have the same number of inputs and outputs.
 */
export function joinNetlists(a: Netlist, b: Netlist): Netlist {
  invariant(a.inputs === b.inputs, `a miter of ${a.inputs} and ${b.inputs} inputs`);
  invariant(
    a.outputs.length === b.outputs.length,
    `a miter of ${a.outputs.length} and ${b.outputs.length} outputs`,
  );
  const shift = 2 * gateCount(a);
  const moved = (literal: number): number => (literal >>> 1 > a.inputs ? literal + shift : literal);
  const joined = (left: Uint32Array, right: Uint32Array): Uint32Array => {
    const all = new Uint32Array(left.length + right.length);
    all.set(left);
    all.set(right.map(moved), left.length);
    return all;
  };
  const kind = new Uint8Array(gateCount(a) + gateCount(b));
  kind.set(a.kind);
  kind.set(b.kind, gateCount(a));
  return {
    inputs: a.inputs,
    kind,
    fanin0: joined(a.fanin0, b.fanin0),
    fanin1: joined(a.fanin1, b.fanin1),
    outputs: joined(a.outputs, b.outputs),
    origin: { start: new Uint32Array(kind.length + 1), index: new Uint32Array(0) },
  };
}
