import { FALSE, type Literal, literalOf } from "../ir/literal.js";
import type { Counter, ReadoutStyle } from "./counter.js";
import { planCounters } from "./counter-plan.js";
import type { CounterCell, Nets } from "./readout-circuit.js";

/** A bit and how many cells are behind it. */
interface Bit {
  readonly literal: Literal;
  readonly depth: number;
}

/** Adds up columns of bits with counter cells; equal columns are planned once. */
export class CounterArray {
  readonly cells: CounterCell[] = [];
  private readonly plans = new Map<string, readonly (readonly Counter[])[]>();

  constructor(
    private readonly style: ReadoutStyle,
    private readonly nets: Nets,
  ) {}

  /**
   * @param columns bits of weight 1, 2, 4, …
   * @returns the sum, `width` bits, low bit first.
   */
  add(columns: readonly (readonly Literal[])[], width: number): Literal[] {
    const waiting = Array.from({ length: width }, (_, k) =>
      (columns[k] ?? []).map((literal): Bit => ({ literal, depth: 0 })),
    );
    this.planFor(waiting.map(({ length }) => length)).forEach((counters, column) => {
      for (const counter of counters) this.place(counter, waiting, column);
    });
    return waiting.map(([bit]) => bit?.literal ?? FALSE);
  }

  private planFor(heights: readonly number[]): readonly (readonly Counter[])[] {
    const key = heights.join();
    const plan = this.plans.get(key) ?? planCounters(heights, this.style);
    this.plans.set(key, plan);
    return plan;
  }

  /** The bits of least depth go into the cell: they are the first to be there. */
  private place(counter: Counter, waiting: Bit[][], column: number): void {
    const taken = counter.heights.map((h, i) => waiting[column + i]!.splice(0, h));
    const depth = 1 + taken.flat().reduce((deepest, bit) => Math.max(deepest, bit.depth), 0);
    const outputs = Array.from({ length: counter.outputs }, () => this.nets.fresh());
    outputs.forEach((net, i) => {
      const bits = waiting[column + i]!;
      const at = bits.findIndex((bit) => bit.depth > depth);
      bits.splice(at < 0 ? bits.length : at, 0, { literal: literalOf(net), depth });
    });
    const inputs = taken.map((bits) => bits.map(({ literal }) => literal));
    this.cells.push({ tag: "counter", chain: counter.chain, inputs, outputs });
  }
}
