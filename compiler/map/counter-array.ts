import { FALSE, type Literal, literalOf } from "../ir/literal.js";
import type { Absorbable, Counter, ReadoutStyle } from "./counter.js";
import { type ColumnPlan, planCounters } from "./counter-plan.js";
import type { CounterCell, Nets } from "./readout-circuit.js";

/** A bit and how many cells are behind it. */
interface Bit {
  readonly literal: Literal;
  readonly depth: number;
}

/** Bits of one weight: wires, and votes that LUTs can take in. */
export type Column = Readonly<Record<Absorbable | "wires", readonly Literal[]>>;

const EMPTY: Column = { wide: [], narrow: [], wires: [] };

/** Plans made so far: pruning for LUTs maps designs again and again in which most classes are as before. */
const PLANS = new Map<string, readonly ColumnPlan[]>();

/** Adds up columns of bits with counter cells; equal columns are planned once. */
export class CounterArray {
  readonly cells: CounterCell[] = [];

  constructor(
    private readonly style: ReadoutStyle,
    private readonly nets: Nets,
  ) {}

  /**
   * @param columns bits of weight 1, 2, 4, …
   * @returns the sum, `width` bits, low bit first.
   */
  add(columns: readonly Column[], width: number): Literal[] {
    const all = Array.from({ length: width }, (_, k) => columns[k] ?? EMPTY);
    const fresh = (literals: readonly Literal[]): Bit[] => literals.map((literal) => ({ literal, depth: 0 }));
    const waiting = all.map(({ wires }) => fresh(wires));
    this.planFor(all).forEach((plan, column) => {
      for (const kind of ["wide", "narrow"] as const) {
        const votes = fresh(all[column]![kind]);
        for (const step of plan[kind]) {
          const taken = votes.splice(0, step?.absorbs[kind] ?? 1);
          if (step === null) waiting[column]!.unshift(...taken);
          else this.place(step, waiting, column, taken);
        }
      }
      for (const counter of plan.wires) this.place(counter!, waiting, column, []);
    });
    return waiting.map(([bit]) => bit?.literal ?? FALSE);
  }

  private planFor(columns: readonly Column[]): readonly ColumnPlan[] {
    const heights = columns.map(({ wide, narrow, wires }) => ({
      wide: wide.length,
      narrow: narrow.length,
      wires: wires.length,
    }));
    const { lutInputs, carry } = this.style;
    const key = `${lutInputs} ${carry} ${heights.map(({ wide, narrow, wires }) => `${wide} ${narrow} ${wires}`)}`;
    const plan = PLANS.get(key) ?? planCounters(heights, this.style);
    PLANS.set(key, plan);
    return plan;
  }

  /** The first bits, those of least depth, go into the cell, after the votes that it takes in. */
  private place(counter: Counter, waiting: Bit[][], column: number, votes: readonly Bit[]): void {
    const taken = counter.heights.map((height, i) => {
      const absorbed = i === 0 ? votes : [];
      const count = height - absorbed.length;
      const from = waiting[column + i]!;
      const bits =
        this.style.carry === "lut" ? take(from, count, addedInputs(counter, i)) : from.splice(0, count);
      return [...absorbed, ...bits];
    });
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

/** How many inputs of a column, its last ones, go to a carry chain as they are. */
const addedInputs = ({ chain }: Counter, column: number): number =>
  chain === null ? 0 : 1 + Number(column === 0 && chain.carryIn);

/**
 * Bits of a column, the last of them for a carry chain: the first ones that are not complemented, for a complement costs
 * nothing in a LUT and an inverter on the way to a chain.
 */
function take(waiting: Bit[], count: number, added: number): Bit[] {
  const isPlain = ({ literal }: Bit): boolean => (literal & 1) === 0;
  const one = (wanted: (bit: Bit) => boolean): Bit => {
    const at = waiting.findIndex(wanted);
    return waiting.splice(Math.max(0, at), 1)[0]!;
  };
  const plain = Array.from({ length: added }, () => one(isPlain));
  const counted = Array.from({ length: count - added }, () => one((bit) => !isPlain(bit)));
  return [...counted, ...plain];
}
