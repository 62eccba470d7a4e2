import { GateKind } from "../../ir/gate-functions.js";
import { FALSE, type Literal, literalOf, not, notIf, TRUE } from "../../ir/literal.js";
import { firstGate, type Netlist, nodeCount } from "../../ir/netlist.js";
import { GateTable } from "./gate-table.js";

/** Gates by node, so that the arrays are as long as there are nodes; what lies before the first gate is not read. */
export interface GateArrays {
  readonly fanin0: Uint32Array;
  readonly fanin1: Uint32Array;
  readonly isXor: Uint8Array;
}

/** The gates of a netlist as they stand in it. */
export function gatesByNode({ inputs, kind, fanin0, fanin1 }: Netlist): GateArrays {
  const padding = 1 + inputs;
  const padded = (row: Uint32Array): Uint32Array => {
    const all = new Uint32Array(padding + row.length);
    all.set(row, padding);
    return all;
  };
  const isXor = new Uint8Array(padding + kind.length);
  isXor.set(
    kind.map((k) => (k === GateKind.Xor ? 1 : 0)),
    padding,
  );
  return { fanin0: padded(fanin0), fanin1: padded(fanin1), isXor };
}

/**
 * The netlist being swept, on its own node numbers. Nodes are visited in topological order; for those visited
 * `literal` says what they became, and the fanins of those that stayed are literals of others that stayed, so that
 * equal structure over merged nodes is found by hashing.
 */
export class SweepGraph implements GateArrays {
  /** Shape `[nodes]`: the node itself, or the earlier literal that it was merged into. */
  readonly literal: Uint32Array;
  /** Shape `[nodes]`, of gates that stayed. An XOR keeps its complement on fanin 0 alone. */
  readonly fanin0: Uint32Array;
  readonly fanin1: Uint32Array;
  readonly isXor: Uint8Array;
  readonly first: number;
  private readonly table: GateTable;

  constructor(readonly netlist: Netlist) {
    const nodes = nodeCount(netlist);
    this.first = firstGate(netlist);
    this.literal = Uint32Array.from({ length: nodes }, (_, n) => 2 * n);
    this.fanin0 = new Uint32Array(nodes);
    this.fanin1 = new Uint32Array(nodes);
    this.isXor = new Uint8Array(nodes);
    this.table = new GateTable(nodes - this.first);
  }

  /** What a literal of the netlist became. */
  at(literal: number): Literal {
    return notIf(this.literal[literal >>> 1]! as Literal, (literal & 1) === 1);
  }

  /** Visit a gate: fold and hash it over what its fanins became. @returns whether it is a gate of its own. */
  visit(node: number): boolean {
    const g = node - this.first;
    const [a, b] = [this.at(this.netlist.fanin0[g]!), this.at(this.netlist.fanin1[g]!)];
    const isXor = this.netlist.kind[g] === GateKind.Xor;
    const found = isXor ? this.foldXor(node, a, b) : this.foldAnd(node, a, b);
    this.literal[node] = found;
    return found === 2 * node;
  }

  private foldAnd(node: number, a: Literal, b: Literal): Literal {
    if (a === FALSE || b === FALSE || a === not(b)) return FALSE;
    if (a === TRUE || a === b) return b;
    if (b === TRUE) return a;
    return this.hashed(node, Math.min(a, b), Math.max(a, b), false);
  }

  private foldXor(node: number, a: Literal, b: Literal): Literal {
    if (a >>> 1 === b >>> 1) return a === b ? FALSE : TRUE;
    if (a >>> 1 === 0) return notIf(b, a === TRUE);
    if (b >>> 1 === 0) return notIf(a, b === TRUE);
    const complement = (a ^ b) & 1;
    return this.hashed(node, (Math.min(a, b) & ~1) | complement, Math.max(a, b) & ~1, true);
  }

  private hashed(node: number, low: number, high: number, isXor: boolean): Literal {
    const complement = isXor ? low & 1 : 0;
    const key = isXor ? low & ~1 : low;
    const found = this.table.find(key, high, isXor, node);
    if (found !== node) return this.at(literalOf(found, isXor && complement !== (this.fanin0[found]! & 1)));
    this.fanin0[node] = low;
    this.fanin1[node] = high;
    this.isXor[node] = isXor ? 1 : 0;
    return literalOf(node);
  }
}
