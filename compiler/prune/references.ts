import { firstGate, type Netlist, nodeCount } from "../ir/netlist.js";

/** Who reads what in a netlist while its gates are substituted; what nothing reads any more counts as freed at once. */
export class References {
  /** Shape `[nodes]`: fanins of live gates and outputs that read each node. */
  private readonly count: Uint32Array;
  /** Shape `[nodes]`: the node that is read in place of each. */
  private readonly instead: Uint32Array;
  private readonly first: number;

  /** @param core without gates that no output sees. */
  constructor(private readonly core: Netlist) {
    this.first = firstGate(core);
    this.count = new Uint32Array(nodeCount(core));
    this.instead = Uint32Array.from({ length: nodeCount(core) }, (_, node) => node);
    for (const literal of core.outputs) this.count[literal >>> 1]!++;
    for (let g = 0; g < core.kind.length; g++) {
      this.count[core.fanin0[g]! >>> 1]!++;
      this.count[core.fanin1[g]! >>> 1]!++;
    }
  }

  /** Whether a node is there to be read: an input, the constant, or a gate that is neither freed nor substituted. */
  isThere(node: number): boolean {
    return node < this.first || this.count[node]! > 0;
  }

  /** Gates that would be freed with a gate: its maximum fanout-free cone, itself included. */
  cone(node: number): number {
    const freed = this.release(node);
    this.hold(node);
    return freed;
  }

  /** Let everything that reads a gate read another node, which must be there. @returns the gates that this frees. */
  substitute(node: number, by: number): number {
    // First the reader that is new, so that a substitute within the gate's own cone stays.
    this.count[by]! += this.count[node]!;
    this.count[node] = 0;
    this.instead[node] = by;
    return this.release(node);
  }

  private fanin(gate: number, which: 0 | 1): number {
    const literal = which === 0 ? this.core.fanin0[gate - this.first]! : this.core.fanin1[gate - this.first]!;
    return this.instead[literal >>> 1]!;
  }

  /** The gate goes: its fanins lose a reader each. */
  private release(gate: number): number {
    let freed = 1;
    for (const which of [0, 1] as const) {
      const fanin = this.fanin(gate, which);
      if (--this.count[fanin]! === 0 && fanin >= this.first) freed += this.release(fanin);
    }
    return freed;
  }

  /** Undo `release`. */
  private hold(gate: number): void {
    for (const which of [0, 1] as const) {
      const fanin = this.fanin(gate, which);
      if (this.count[fanin]!++ === 0 && fanin >= this.first) this.hold(fanin);
    }
  }
}
