import { invariant } from "../../base/errors.js";
import type { GateKind } from "./gate-functions.js";
import { type Literal, literalOf, notIf } from "./literal.js";
import { firstGate, levels, liveGates, type Netlist, nodeCount, originOf } from "./netlist.js";
import { HASHING, NetlistBuilder } from "./netlist-builder.js";

/**
 * A netlist that passes change in place: readers of a node can be moved to another literal, gates can be added, and what
 * nothing reads any more dies at once.
 *
 * Every gate's `level` is above those of its fanins. `replace` and `addGate` keep that without updating any level, so long
 * as nothing is replaced by a literal of a higher level; therefore no loop can arise, and levels order the gates.
 * Nothing is folded or hashed until `finish`.
 */
export class EditableNetlist {
  readonly inputs: number;
  /** Indexed by node; constant and inputs hold 0. */
  readonly kind: number[];
  readonly fanin0: number[];
  readonly fanin1: number[];
  readonly level: number[];
  /** Gates that read each node, once for each fanin. */
  readonly fanouts: number[][];
  /** Outputs that read each node. */
  readonly readers: number[][];
  readonly outputs: number[];
  private readonly origins: ArrayLike<number>[];
  /** Gates by level, dead ones too. Levels never change, so the order stays right. */
  private readonly order: number[];
  private readonly dead: boolean[];

  constructor(netlist: Netlist) {
    const nodes = nodeCount(netlist);
    const first = firstGate(netlist);
    const padded = (values: ArrayLike<number>): number[] => [
      ...new Array(first).fill(0),
      ...Array.from(values),
    ];
    this.inputs = netlist.inputs;
    this.kind = padded(netlist.kind);
    this.fanin0 = padded(netlist.fanin0);
    this.fanin1 = padded(netlist.fanin1);
    this.level = Array.from(levels(netlist));
    this.fanouts = Array.from({ length: nodes }, () => []);
    this.readers = Array.from({ length: nodes }, () => []);
    this.outputs = Array.from(netlist.outputs);
    this.origins = Array.from({ length: nodes }, (_, n) => (n < first ? [] : originOf(netlist, n - first)));
    const live = liveGates(netlist);
    this.dead = Array.from({ length: nodes }, (_, n) => n >= first && live[n - first] === 0);
    this.order = [];
    for (let node = first; node < nodes; node++) {
      if (!this.isAlive(node)) continue;
      this.order.push(node);
      this.connect(node);
    }
    this.byLevel(this.order);
    this.outputs.forEach((literal, o) => {
      this.readers[literal >>> 1]!.push(o);
    });
  }

  get nodes(): number {
    return this.kind.length;
  }

  isGate(node: number): boolean {
    return node > this.inputs;
  }

  isAlive(node: number): boolean {
    return this.dead[node] === false;
  }

  /** Fanins and outputs that read a node. */
  references(node: number): number {
    return this.fanouts[node]!.length + this.readers[node]!.length;
  }

  /** Live gates, fanins before those that read them. */
  topological(): number[] {
    return this.order.filter((node) => this.isAlive(node));
  }

  /** Sort nodes in place, fanins before those that read them. */
  byLevel(nodes: number[]): number[] {
    return nodes.sort((x, y) => this.level[x]! - this.level[y]! || x - y);
  }

  /** A new gate, which dies unless something is then replaced by it. */
  addGate(kind: GateKind, a: number, b: number, origin: ArrayLike<number>): number {
    const node = this.nodes;
    this.kind.push(kind);
    this.fanin0.push(a);
    this.fanin1.push(b);
    this.level.push(1 + Math.max(this.level[a >>> 1]!, this.level[b >>> 1]!));
    this.fanouts.push([]);
    this.readers.push([]);
    this.origins.push(origin);
    this.dead.push(false);
    this.connect(node);
    const at = this.order.findIndex((other) => this.level[other]! > this.level[node]!);
    this.order.splice(at < 0 ? this.order.length : at, 0, node);
    return node;
  }

  /** Every reader of `node` reads `literal` from now on, and `node` dies. The literal's level must not be higher. */
  replace(node: number, literal: number): void {
    const target = literal >>> 1;
    invariant(this.level[target]! <= this.level[node]!, `node ${node} would read a higher level`);
    const moved = (old: number): number => (old >>> 1 === node ? literal ^ (old & 1) : old);
    for (const reader of this.fanouts[node]!) {
      this.fanin0[reader] = moved(this.fanin0[reader]!);
      this.fanin1[reader] = moved(this.fanin1[reader]!);
      this.fanouts[target]!.push(reader);
    }
    for (const o of this.readers[node]!) {
      this.outputs[o] = moved(this.outputs[o]!);
      this.readers[target]!.push(o);
    }
    this.fanouts[node] = [];
    this.readers[node] = [];
    this.removeIfUnread(node);
  }

  /** Remove a gate that nothing reads, and what then nothing reads. */
  removeIfUnread(node: number): void {
    if (!this.isGate(node) || !this.isAlive(node) || this.references(node) > 0) return;
    this.dead[node] = true;
    for (const fanin of [this.fanin0[node]! >>> 1, this.fanin1[node]! >>> 1]) {
      const readers = this.fanouts[fanin]!;
      readers.splice(readers.indexOf(node), 1);
      this.removeIfUnread(fanin);
    }
  }

  /**
   * The maximum fanout-free cone: gates that would die with `node`, itself included.
   *
   * @param leaves nodes at which to stop.
   */
  fanoutFreeCone(node: number, leaves: readonly number[] = []): number[] {
    const lost = new Map<number, number>();
    const cone: number[] = [];
    const lose = (gate: number): void => {
      cone.push(gate);
      for (const fanin of [this.fanin0[gate]! >>> 1, this.fanin1[gate]! >>> 1]) {
        const count = 1 + (lost.get(fanin) ?? 0);
        lost.set(fanin, count);
        if (this.isGate(fanin) && count === this.references(fanin) && !leaves.includes(fanin)) lose(fanin);
      }
    };
    lose(node);
    return cone;
  }

  /** The trained gates that the gates of a cone came from, ascending. */
  originOf(cone: readonly number[]): number[] {
    return [...new Set(cone.flatMap((node) => Array.from(this.origins[node]!)))].sort((x, y) => x - y);
  }

  /** Folded and hashed, without gates that no output reads. */
  finish(): Netlist {
    const built = this.build();
    return liveGates(built).includes(0) ? new EditableNetlist(built).build() : built;
  }

  private build(): Netlist {
    const builder = new NetlistBuilder(this.inputs, HASHING);
    const moved = new Map<number, Literal>();
    for (let node = 0; node <= this.inputs; node++) moved.set(node, literalOf(node));
    const at = (literal: number): Literal => notIf(moved.get(literal >>> 1)!, (literal & 1) === 1);
    for (const node of this.topological()) {
      const [a, b] = [at(this.fanin0[node]!), at(this.fanin1[node]!)];
      moved.set(node, builder.gate(this.kind[node]! as GateKind, a, b, this.origins[node]!));
    }
    return builder.finish(this.outputs.map(at));
  }

  private connect(node: number): void {
    this.fanouts[this.fanin0[node]! >>> 1]!.push(node);
    this.fanouts[this.fanin1[node]! >>> 1]!.push(node);
  }
}
