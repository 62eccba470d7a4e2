import { popcount } from "../../base/popcount.js";
import { firstGate, type Netlist, nodeCount } from "../ir/netlist.js";

/**
 * The K-feasible cuts that are kept of every node, best first ("priority cuts": Mishchenko, Cho, Chatterjee and
 * Brayton, "Combinational and sequential mapping with priority cuts", ICCAD 2007).
 *
 * Node `n` has slots `n * stride ..`: slot 0 is the trivial cut `{n}` (empty for the constant), slots `1..count[n]`
 * are cuts that a LUT can implement. The leaves of a slot are `leaf[slot * k ..][.. size[slot]]`, ascending nodes.
 */
export class CutSets {
  readonly stride: number;
  /** Shape `[nodes]`: cuts besides the trivial one; 0 for inputs. */
  readonly count: Uint8Array;
  /** Shape `[nodes, stride]`. */
  readonly size: Uint8Array;
  /** Shape `[nodes, stride, k]`. */
  readonly leaf: Uint32Array;
  /** Shape `[nodes, stride]`: one bit for each leaf's number modulo 32, to tell early that a union is too big. */
  private readonly signature: Uint32Array;
  /** Shape `[nodes, stride]`: area flow. */
  private readonly flow: Float64Array;
  /** Shape `[nodes]`: area flow of a node, shared among those that read it. */
  private readonly share: Float64Array;
  /** The cut being built. */
  private readonly merged: Uint32Array;

  /** @param perNode cuts kept of a node besides the trivial one, 2 to 255. */
  constructor(
    private readonly netlist: Netlist,
    readonly k: number,
    private readonly perNode: number,
  ) {
    const nodes = nodeCount(netlist);
    this.stride = perNode + 1;
    this.count = new Uint8Array(nodes);
    this.size = new Uint8Array(nodes * this.stride);
    this.leaf = new Uint32Array(nodes * this.stride * k);
    this.signature = new Uint32Array(nodes * this.stride);
    this.flow = new Float64Array(nodes * this.stride);
    this.share = new Float64Array(nodes);
    this.merged = new Uint32Array(k);
    for (let node = 1; node < nodes; node++) this.store(node * this.stride, Uint32Array.of(node), 1, 0);
  }

  /**
   * Enumerate the cuts of every gate anew by merging those of its fanins, and keep the best by area flow (Manohararajah,
   * Brown and Vranesic, "Heuristics for area minimization in LUT-based FPGA technology mapping", IWLS 2004).
   *
   * @param references shape `[nodes]`: how many LUTs are expected to read each node, positive.
   */
  enumerate(references: Float64Array): void {
    const { kind, fanin0, fanin1 } = this.netlist;
    for (let g = 0; g < kind.length; g++) {
      const node = firstGate(this.netlist) + g;
      this.count[node] = 0;
      this.mergeFanins(node, fanin0[g]! >>> 1, fanin1[g]! >>> 1);
      this.share[node] = this.flow[node * this.stride + 1]! / references[node]!;
    }
  }

  /** The hot loop of mapping: every pair of a cut of `a` and one of `b`. */
  private mergeFanins(node: number, a: number, b: number): void {
    const { k, stride, signature, count } = this;
    const endA = a * stride + count[a]!;
    const endB = b * stride + count[b]!;
    for (let slotA = a * stride; slotA <= endA; slotA++) {
      for (let slotB = b * stride; slotB <= endB; slotB++) {
        const sign = signature[slotA]! | signature[slotB]!;
        if (popcount(sign) > k) continue;
        const size = this.mergeLeaves(slotA, slotB);
        if (size <= k) this.insert(node, this.merged, size, sign);
      }
    }
  }

  /** The union of two cuts into `merged`. @returns its size, or more than `k` if it is too big. */
  private mergeLeaves(slotA: number, slotB: number): number {
    const { k, leaf, merged } = this;
    let p = slotA * k;
    let q = slotB * k;
    const endP = p + this.size[slotA]!;
    const endQ = q + this.size[slotB]!;
    let size = 0;
    while (p < endP && q < endQ) {
      if (size === k) return k + 1;
      const [x, y] = [leaf[p]!, leaf[q]!];
      merged[size++] = Math.min(x, y);
      if (x <= y) p++;
      if (y <= x) q++;
    }
    if (size + (endP - p) + (endQ - q) > k) return k + 1;
    while (p < endP) merged[size++] = leaf[p++]!;
    while (q < endQ) merged[size++] = leaf[q++]!;
    return size;
  }

  private flowOf(leaves: Uint32Array, size: number): number {
    let flow = 1;
    for (let i = 0; i < size; i++) flow += this.share[leaves[i]!]!;
    return flow;
  }

  /** Put a cut where its flow belongs, unless a kept one is a subset of it; drop those that it is a subset of. */
  private insert(node: number, leaves: Uint32Array, size: number, sign: number): void {
    const { stride, perNode, flow } = this;
    const flowOf = this.flowOf(leaves, size);
    const begin = node * stride + 1;
    let held = this.count[node]!;
    if (held === perNode && this.worse(flowOf, size, begin + held - 1)) return;
    let to = begin;
    for (let slot = begin; slot < begin + held; slot++) {
      if (this.size[slot]! <= size && this.isSubset(slot, leaves, size, sign)) return;
      if (this.size[slot]! > size && this.isSuperset(slot, leaves, size, sign)) continue;
      if (to !== slot) this.move(slot, to);
      to++;
    }
    held = Math.min(to - begin, perNode - 1);
    let at = begin + held;
    while (at > begin && (flow[at - 1]! > flowOf || (flow[at - 1] === flowOf && this.size[at - 1]! > size))) {
      this.move(at - 1, at);
      at--;
    }
    this.store(at, leaves, size, flowOf);
    this.count[node] = held + 1;
  }

  private worse(flow: number, size: number, than: number): boolean {
    return flow > this.flow[than]! || (flow === this.flow[than] && size >= this.size[than]!);
  }

  /** Whether the slot's leaves are all among `leaves`. */
  private isSubset(slot: number, leaves: Uint32Array, size: number, sign: number): boolean {
    if ((this.signature[slot]! & ~sign) !== 0) return false;
    const from = slot * this.k;
    let i = 0;
    for (let p = 0; p < this.size[slot]!; p++) {
      while (i < size && leaves[i]! < this.leaf[from + p]!) i++;
      if (i === size || leaves[i] !== this.leaf[from + p]) return false;
    }
    return true;
  }

  /** Whether `leaves` are all among the slot's. */
  private isSuperset(slot: number, leaves: Uint32Array, size: number, sign: number): boolean {
    if ((sign & ~this.signature[slot]!) !== 0) return false;
    const end = slot * this.k + this.size[slot]!;
    let p = slot * this.k;
    for (let i = 0; i < size; i++) {
      while (p < end && this.leaf[p]! < leaves[i]!) p++;
      if (p === end || this.leaf[p] !== leaves[i]) return false;
    }
    return true;
  }

  private store(slot: number, leaves: Uint32Array, size: number, flow: number): void {
    let sign = 0;
    for (let i = 0; i < size; i++) {
      this.leaf[slot * this.k + i] = leaves[i]!;
      sign |= 1 << (leaves[i]! & 31);
    }
    this.size[slot] = size;
    this.signature[slot] = sign;
    this.flow[slot] = flow;
  }

  private move(from: number, to: number): void {
    for (let i = 0; i < this.size[from]!; i++) this.leaf[to * this.k + i] = this.leaf[from * this.k + i]!;
    this.size[to] = this.size[from]!;
    this.signature[to] = this.signature[from]!;
    this.flow[to] = this.flow[from]!;
  }
}
