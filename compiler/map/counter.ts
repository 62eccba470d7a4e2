import type { Target } from "../ir/target.js";

/**
 * A cell that adds up bits: `heights[i]` inputs of weight `2^i` in, one output of each weight `2^0 …
 * 2^(outputs - 1)`; the weighted sums agree modulo `2^outputs`. (A generalised parallel counter: Meo, "Arithmetic
 * networks and their minimization using a new line of elementary units", IEEE TC 1975.)
 */
export interface Counter {
  readonly heights: readonly number[];
  readonly outputs: number;
  /**
   * Null where every output is one LUT of all inputs. Else the cell is a carry chain: position `i` adds the last input
   * of column `i` to bit `i` of the sum of `grouped[i]` inputs of each column; see `chainOperands`.
   */
  readonly chain: Chain | null;
  /** How many of the first inputs of column 0 are votes' functions that the LUTs take in, in place of wires. */
  readonly absorbs: Readonly<Record<Absorbable, number>>;
  /** LUTs, or what takes the place of one. */
  readonly cost: number;
}

/**
 * Votes whose gates fit into the LUTs that count them: `narrow` ones are functions of two wires, `wide` ones of as many as
 * a LUT at a carry chain reads beside the wire that it adds.
 */
export type Absorbable = "narrow" | "wide";

/** Only wires are counted. */
export const NOTHING = { narrow: 0, wide: 0 } as const;

/** A carry chain that adds two numbers, of which one may be counted from several bits by the LUTs in front of it. */
export interface Chain {
  /** Whether the last input of column 0 goes into the chain's carry input. */
  readonly carryIn: boolean;
  /** Groups of neighbouring columns from column 0 up: how many inputs of each column are counted together. */
  readonly groups: readonly (readonly number[])[];
}

/**
 * What a chain adds up at its positions, low ones first: a wire and a bit of a group's count at each.
 *
 * @param columns the counter's inputs, column by column.
 * @param count gives the low bits of a sum, as many as `width` says.
 */
export function chainOperands<T>(
  { carryIn, groups }: Chain,
  columns: readonly (readonly T[])[],
  count: (columns: readonly (readonly T[])[], width: number) => readonly T[],
): { readonly carryIn: T | null; readonly added: readonly T[]; readonly counted: readonly T[] } {
  const [added, counted]: [T[], T[]] = [[], []];
  for (const group of groups) {
    const own = group.map((grouped, i) => columns[counted.length + i]!.slice(0, grouped));
    added.push(...group.map((grouped, i) => columns[counted.length + i]![grouped]!));
    counted.push(...count(own, group.length));
  }
  return { carryIn: carryIn ? columns[0]!.at(-1)! : null, added, counted };
}

/** What a target's cells can do. */
export interface ReadoutStyle {
  /** Inputs of a LUT. */
  readonly lutInputs: 4 | 6;
  /**
   * Carry chains: none; `adder` adds two wires a position, its carry reaches the fabric through a further position
   * (iCE40, ECP5, Gowin); `lut` adds a wire and any function of up to five (Xilinx).
   */
  readonly carry: "none" | "adder" | "lut";
}

/** A style that assumes no more than LUTs. */
export const plainStyle = (lutInputs: 4 | 6): ReadoutStyle => ({ lutInputs, carry: "none" });

const CARRY: Readonly<Partial<Record<Target["family"], ReadoutStyle["carry"]>>> = {
  ice40: "adder",
  ecp5: "adder",
  gowin: "adder",
  xilinx: "lut",
};

/** The cells that suit a target. */
export const readoutStyle = ({ family, lutInputs }: Target): ReadoutStyle => ({
  lutInputs,
  carry: CARRY[family] ?? "none",
});

/** The heights and the number of outputs name a counter within a style. */
export const counterKey = ({ heights, outputs }: Pick<Counter, "heights" | "outputs">): string =>
  `${heights.join("_")}_to_${outputs}`;
