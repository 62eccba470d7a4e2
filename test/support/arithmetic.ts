import { FALSE, type Literal } from "../../compiler/ir/literal.js";
import type { Netlist } from "../../compiler/ir/netlist.js";
import { HASHING, NetlistBuilder } from "../../compiler/ir/netlist-builder.js";

/**
 * An unsigned multiplier of two `width`-bit numbers: partial products added row by row, or column by column. The two
 * are hard to prove equal, which is what tests of budgets want.
 */
export function multiplier(width: number, order: "rows" | "columns"): Netlist {
  const b = new NetlistBuilder(2 * width, HASHING);
  const columns: Literal[][] = Array.from({ length: 2 * width }, () => []);
  for (let i = 0; i < width; i++)
    for (let j = 0; j < width; j++) columns[i + j]!.push(b.and(b.input(i), b.input(width + j)));
  for (let k = 0; k < 2 * width; k++) {
    const bits = columns[k]!;
    while (bits.length > 1) {
      // From the front: a tree over the column; from the back: one long chain.
      const take = (): Literal => (order === "rows" ? bits.shift()! : bits.pop()!);
      const [x, y, z] = [take(), take(), bits.length > 0 ? take() : FALSE];
      const half = b.xor(x, y);
      const carry = b.or(b.and(x, y), b.and(half, z));
      bits.push(b.xor(half, z));
      if (k + 1 < 2 * width) columns[k + 1]!.push(carry);
    }
  }
  return b.finish(columns.map(([bit]) => bit ?? FALSE));
}
