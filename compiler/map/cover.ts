import { firstGate, type Netlist, nodeCount } from "../ir/netlist.js";
import type { CutSets } from "./cut-sets.js";

/**
 * Which cut implements each gate, and which gates are LUTs: those that an output or a chosen LUT reads.
 *
 * The exact area of a cut (Cong, Wu and Ding, "Cut ranking and pruning", FPGA 1999; Mishchenko, Chatterjee and Brayton,
 * "Improvements to technology mapping for LUT-based FPGAs", IEEE TCAD 2007) is how many LUTs come into use with it and
 * out of use without it: its maximum fanout-free cone in the mapped netlist.
 */
export class Cover {
  /** Shape `[nodes]`: the slot chosen of every gate, 0 for others. */
  readonly chosen: Uint32Array;
  /** Shape `[nodes]`: LUTs and outputs that read each node. */
  readonly references: Uint32Array;

  constructor(
    private readonly netlist: Netlist,
    private readonly cuts: CutSets,
  ) {
    this.chosen = new Uint32Array(nodeCount(netlist));
    this.references = new Uint32Array(nodeCount(netlist));
  }

  /** LUTs in use. */
  get area(): number {
    let area = 0;
    for (let node = firstGate(this.netlist); node < this.references.length; node++) {
      if (this.references[node]! > 0) area++;
    }
    return area;
  }

  /** Choose the first cut, that of the least area flow, of every gate, and count references anew. */
  chooseByFlow(): void {
    for (let node = firstGate(this.netlist); node < this.chosen.length; node++) {
      this.chosen[node] = node * this.cuts.stride + 1;
    }
    this.references.fill(0);
    for (const output of this.netlist.outputs) this.reference(output >>> 1);
  }

  /**
   * Choose for each gate in turn the cut of the least exact area; the area never grows.
   *
   * @param prefers whether of two cuts of equal area the first is taken rather than the second, which was found before
   *   it; unless said, that of less area flow is taken.
   */
  chooseByArea(prefers: (slot: number, held: number) => boolean = () => false): void {
    const { cuts, chosen, references } = this;
    for (let node = firstGate(this.netlist); node < chosen.length; node++) {
      const inUse = references[node]! > 0;
      if (inUse) this.removeCut(chosen[node]!);
      let least = Number.POSITIVE_INFINITY;
      const begin = node * cuts.stride + 1;
      for (let slot = begin; slot < begin + cuts.count[node]!; slot++) {
        const area = this.addCut(slot);
        this.removeCut(slot);
        if (area < least || (area === least && prefers(slot, chosen[node]!))) chosen[node] = slot;
        if (area < least) least = area;
      }
      if (inUse) this.addCut(chosen[node]!);
    }
  }

  private isGate(node: number): boolean {
    return node > this.netlist.inputs;
  }

  /** One more reader of a node. @returns the LUTs that come into use. */
  private reference(node: number): number {
    return this.references[node]!++ === 0 && this.isGate(node) ? 1 + this.addCut(this.chosen[node]!) : 0;
  }

  private addCut(slot: number): number {
    const { leaf, size, k } = this.cuts;
    let area = 0;
    for (let i = slot * k; i < slot * k + size[slot]!; i++) area += this.reference(leaf[i]!);
    return area;
  }

  private removeCut(slot: number): void {
    const { leaf, size, k } = this.cuts;
    for (let i = slot * k; i < slot * k + size[slot]!; i++) {
      const node = leaf[i]!;
      if (--this.references[node]! === 0 && this.isGate(node)) this.removeCut(this.chosen[node]!);
    }
  }
}
