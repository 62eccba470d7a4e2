import { GateKind } from "../ir/gate-functions.js";
import { firstGate, levels, liveGates, type Netlist, nodeCount } from "../ir/netlist.js";

/** What a run of gates computes of its stored fanins `a` and `b` (assembly/evaluate.ts). */
export const Operation = { And: 0, AndNot: 1, Or: 2, Xor: 3 } as const;
const OPERATIONS = 4;

/** Slots that hold a constant: nothing else may be written there. */
export const FALSE_SLOT = 0;
export const TRUE_SLOT = 1;

/**
 * A netlist as the interpreter runs it: only gates that some output reads, sorted by level and operation, each of them
 * one operation without inverters, values in slots that are used again once they have been read for the last time.
 */
export interface Program {
  readonly slots: number;
  /** Shape `[inputs]`: where input `i` is expected, or -1 when nothing reads it. */
  readonly inputSlots: Int32Array;
  /** Shape `[runs, 2]`: an `Operation`, and for how many gates it goes. */
  readonly runs: Uint32Array;
  /** Shape `[gates, 3]`: slots of `a`, of `b` and of the result, which may be that of a fanin. */
  readonly gates: Uint32Array;
  /** Shape `[outputs]`: `2 * slot + complement`. */
  readonly outputs: Uint32Array;
}

/** Plan the evaluation of a netlist. O(gates + nodes). */
export function compileProgram(netlist: Netlist): Program {
  const live = liveGates(netlist);
  const folded = foldComplements(netlist, live);
  const { order, runs } = sortGates(netlist, live, folded.operation);
  return { runs, ...allocateSlots(netlist, order, folded) };
}

interface Folded {
  /** Shape `[gates]`, an `Operation` each. */
  readonly operation: Uint8Array;
  /** Shape `[nodes]`: 1 where the complement of the node is what is stored. */
  readonly complemented: Uint8Array;
}

/** Push complements towards the outputs: `~a & ~b` is stored as `a | b`, complemented. */
function foldComplements({ inputs, kind, fanin0, fanin1 }: Netlist, live: Uint8Array): Folded {
  const operation = new Uint8Array(kind.length);
  const complemented = new Uint8Array(1 + inputs + kind.length);
  for (let g = 0; g < kind.length; g++) {
    if (live[g] === 0) continue;
    const f0 = fanin0[g]!;
    const f1 = fanin1[g]!;
    const a = (f0 & 1) ^ complemented[f0 >>> 1]!;
    const b = (f1 & 1) ^ complemented[f1 >>> 1]!;
    const and = kind[g] === GateKind.And;
    operation[g] = and ? a + b : Operation.Xor;
    complemented[1 + inputs + g] = and ? a & b : a ^ b;
  }
  return { operation, complemented };
}

/** Live gates by level, then by operation (counting sort), and the runs of equal operations. */
function sortGates(
  netlist: Netlist,
  live: Uint8Array,
  operation: Uint8Array,
): { order: Uint32Array; runs: Uint32Array } {
  const level = levels(netlist);
  const first = firstGate(netlist);
  const key = new Uint32Array(live.length);
  let keys = 0;
  for (let g = 0; g < live.length; g++) {
    const k = level[first + g]! * OPERATIONS + operation[g]!;
    key[g] = k;
    if (k >= keys) keys = k + 1;
  }
  const start = new Uint32Array(keys + 1);
  for (let g = 0; g < live.length; g++) if (live[g] === 1) start[key[g]! + 1]!++;
  const runs: number[] = [];
  for (let k = 0; k < keys; k++) {
    if (start[k + 1]! > 0) runs.push(k % OPERATIONS, start[k + 1]!);
    start[k + 1]! += start[k]!;
  }
  const order = new Uint32Array(start[keys]!);
  for (let g = 0; g < live.length; g++) if (live[g] === 1) order[start[key[g]!]!++] = g;
  return { order, runs: Uint32Array.from(runs) };
}

/** Give every value a slot from its making to its last reading. */
function allocateSlots(
  netlist: Netlist,
  order: Uint32Array,
  { complemented }: Folded,
): Omit<Program, "runs"> {
  const { inputs, fanin0, fanin1, outputs } = netlist;
  const lastRead = lastReads(netlist, order);
  const slotOf = new Uint32Array(nodeCount(netlist));
  const free = new Uint32Array(nodeCount(netlist));
  let spare = 0;
  let slots = TRUE_SLOT + 1;
  const inputSlots = new Int32Array(inputs).fill(-1);
  for (let i = 0; i < inputs; i++) {
    if (lastRead[1 + i]! >= 0) slotOf[1 + i] = inputSlots[i] = slots++;
  }
  const gates = new Uint32Array(3 * order.length);
  for (let at = 0; at < order.length; at++) {
    const g = order[at]!;
    const f0 = fanin0[g]!;
    const a = f0 >>> 1;
    const b = fanin1[g]! >>> 1;
    // The fanin that is read complemented comes second, where `a & ~b` wants it; elsewhere the order is all one.
    const swap = ((f0 & 1) ^ complemented[a]!) === 1;
    gates[3 * at] = slotOf[swap ? b : a]!;
    gates[3 * at + 1] = slotOf[swap ? a : b]!;
    if (lastRead[a] === at) free[spare++] = slotOf[a]!;
    if (lastRead[b] === at && a !== b) free[spare++] = slotOf[b]!;
    const made = spare > 0 ? free[--spare]! : slots++;
    gates[3 * at + 2] = made;
    slotOf[1 + inputs + g] = made;
  }
  const read = outputs.map((l) => 2 * slotOf[l >>> 1]! + ((l & 1) ^ complemented[l >>> 1]!));
  return { slots, inputSlots, gates, outputs: read };
}

/** Shape `[nodes]`: which gate of the order reads the node last; -1 for none, never for the constant and outputs. */
function lastReads(netlist: Netlist, order: Uint32Array): Int32Array {
  const last = new Int32Array(nodeCount(netlist)).fill(-1);
  const { fanin0, fanin1 } = netlist;
  for (let at = 0; at < order.length; at++) {
    const g = order[at]!;
    last[fanin0[g]! >>> 1] = at;
    last[fanin1[g]! >>> 1] = at;
  }
  for (const literal of netlist.outputs) last[literal >>> 1] = order.length;
  last[0] = order.length;
  return last;
}
