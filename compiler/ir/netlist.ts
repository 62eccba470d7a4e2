import { invariant } from "../../base/errors.js";
import { GateKind } from "./gate-functions.js";
import { type Literal, nodeOf } from "./literal.js";

/**
 * An immutable XOR-AND graph with complemented edges, a struct of arrays.
 *
 * Nodes: 0 is constant false, 1..inputs are the primary inputs, then the gates in topological order; gate
 * `g` is node `1 + inputs + g`. Literals are `2 * node + complement`.
 */
export interface Netlist {
  /** Number of primary inputs. */
  readonly inputs: number;
  /** Shape `[gates]`, a `GateKind` each. */
  readonly kind: Uint8Array;
  /** Shape `[gates]`, literals of lower nodes. */
  readonly fanin0: Uint32Array;
  /** Shape `[gates]`, literals of lower nodes. */
  readonly fanin1: Uint32Array;
  /** Shape `[outputs]`, literals. */
  readonly outputs: Uint32Array;
  /** Trained gates that each gate came from, as compressed rows. */
  readonly origin: Origin;
}

/** Row `g` is `index[start[g] .. start[g + 1]]`, trained gate numbers in ascending order. */
export interface Origin {
  readonly start: Uint32Array;
  readonly index: Uint32Array;
}

/** Origins of gates that no trained gate led to. */
export const noOrigin = (gates: number): Origin => ({
  start: new Uint32Array(gates + 1),
  index: new Uint32Array(0),
});

export const gateCount = (netlist: Netlist): number => netlist.kind.length;
export const nodeCount = (netlist: Netlist): number => 1 + netlist.inputs + netlist.kind.length;
/** Node of the first gate. */
export const firstGate = (netlist: Netlist): number => 1 + netlist.inputs;

/** The trained gates that gate `g` came from. */
export const originOf = (netlist: Netlist, g: number): Uint32Array =>
  netlist.origin.index.subarray(netlist.origin.start[g]!, netlist.origin.start[g + 1]!);

/** Level of every node, shape `[nodes]`: 0 for constant and inputs, else 1 + the larger fanin level. */
export function levels(netlist: Netlist): Uint32Array {
  const level = new Uint32Array(nodeCount(netlist));
  const first = firstGate(netlist);
  for (let g = 0; g < netlist.kind.length; g++) {
    level[first + g] = 1 + Math.max(level[netlist.fanin0[g]! >>> 1]!, level[netlist.fanin1[g]! >>> 1]!);
  }
  return level;
}

/** @throws {InvariantError} unless fanins are lower nodes, outputs exist and the arrays agree in length. */
export function validateNetlist(netlist: Netlist): void {
  const gates = netlist.kind.length;
  const first = firstGate(netlist);
  invariant(
    netlist.fanin0.length === gates && netlist.fanin1.length === gates,
    "netlist arrays differ in length",
  );
  invariant(netlist.origin.start.length === gates + 1, "netlist origin does not cover every gate");
  for (let g = 0; g < gates; g++) {
    const kind = netlist.kind[g]!;
    invariant(kind === GateKind.And || kind === GateKind.Xor, `gate ${g} has kind ${kind}`);
    invariant(nodeOf(netlist.fanin0[g]!) < first + g, `gate ${g} reads a later node`);
    invariant(nodeOf(netlist.fanin1[g]!) < first + g, `gate ${g} reads a later node`);
  }
  for (const output of netlist.outputs) invariant(nodeOf(output) < first + gates, "an output reads no node");
}

/** Output `o` as a literal. */
export const outputLiteral = (netlist: Netlist, o: number): Literal => netlist.outputs[o]! as Literal;

/** Which gates some output can see, shape `[gates]`. */
export function liveGates(core: Netlist): Uint8Array {
  const first = firstGate(core);
  const live = new Uint8Array(core.kind.length);
  const mark = (literal: number): void => {
    const g = (literal >>> 1) - first;
    if (g >= 0) live[g] = 1;
  };
  core.outputs.forEach(mark);
  for (let g = core.kind.length - 1; g >= 0; g--) {
    if (live[g] === 0) continue;
    mark(core.fanin0[g]!);
    mark(core.fanin1[g]!);
  }
  return live;
}
