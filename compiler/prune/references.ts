import { firstGate, type Netlist, nodeCount } from "../ir/netlist.js";

/** Who reads what in a netlist while its gates are substituted; what nothing reads any more counts as freed at once. */
export class References {
  /** Shape `[nodes]`: fanins of live gates and outputs that read each node. */
  private readonly count: Uint32Array;
  /** Shape `[nodes]`: the node that is read in place of each. */
  private readonly instead: Uint32Array;
  /** Shape `[gates]`: the nodes that each gate reads, or those read in their place. */
  private readonly fanins: readonly [Uint32Array, Uint32Array];
  private readonly first: number;

  /** @param core without gates that no output sees. */
  constructor(core: Netlist) {
    this.first = firstGate(core);
    this.count = new Uint32Array(nodeCount(core));
    this.instead = Uint32Array.from({ length: nodeCount(core) }, (_, node) => node);
    this.fanins = [core.fanin0.map((literal) => literal >>> 1), core.fanin1.map((literal) => literal >>> 1)];
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

  /** Gates that would be freed with a gate: its maximum fanout-free cone, itself first. */
  cone(node: number): number[] {
    const freed: number[] = [];
    this.release(node, freed);
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

  /** Gates that would be freed if a gate read two other nodes, which must be there. */
  freedBy(node: number, fanin0: number, fanin1: number): number {
    this.count[fanin0]!++;
    this.count[fanin1]!++;
    const freed = this.release(node) - 1;
    this.hold(node);
    this.count[fanin0]!--;
    this.count[fanin1]!--;
    return freed;
  }

  /** Let a gate read two other nodes, which must be there. @returns the gates that this frees. */
  redefine(node: number, fanin0: number, fanin1: number): number {
    this.count[fanin0]!++;
    this.count[fanin1]!++;
    const freed = this.release(node) - 1;
    this.fanins[0][node - this.first] = fanin0;
    this.fanins[1][node - this.first] = fanin1;
    return freed;
  }

  private fanin(gate: number, which: 0 | 1): number {
    let node = this.fanins[which][gate - this.first]!;
    while (this.instead[node] !== node) node = this.instead[node]!;
    return node;
  }

  /** The gate goes: its fanins lose a reader each. @param into gets what goes, the gate first. */
  private release(gate: number, into?: number[]): number {
    into?.push(gate);
    let freed = 1;
    for (const which of [0, 1] as const) {
      const fanin = this.fanin(gate, which);
      if (--this.count[fanin]! === 0 && fanin >= this.first) freed += this.release(fanin, into);
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
