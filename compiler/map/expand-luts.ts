import { FALSE, type Literal, literalOf, not, notIf, TRUE } from "../ir/literal.js";
import type { LutNetlist } from "../ir/lut-netlist.js";
import type { Netlist } from "../ir/netlist.js";
import { HASHING, NetlistBuilder } from "../ir/netlist-builder.js";

/**
 * A netlist of gates with the function of a LUT netlist: what a mapping is proved against.
 *
 * Truth tables are read bit by bit from their definition and expanded variable by variable (Shannon), so that this shares
 * no code with the mapper.
 */
export function expandLuts({ inputs, start, fanin, truth, outputs }: LutNetlist): Netlist {
  const builder = new NetlistBuilder(inputs, HASHING);
  const moved: Literal[] = Array.from({ length: 1 + inputs }, (_, n) => literalOf(n));
  for (let l = 0; l + 1 < start.length; l++) {
    const variables = Array.from(fanin.subarray(start[l]!, start[l + 1]!), (n) => moved[n]!);
    const table = Array.from(
      { length: 2 ** variables.length },
      (_, p) => (truth[2 * l + (p >> 5)]! >>> (p & 31)) & 1,
    );
    moved.push(shannon(builder, table, variables));
  }
  return builder.finish(Array.from(outputs, (o) => notIf(moved[o >>> 1]!, (o & 1) === 1)));
}

/** The literal of a truth table: `table[p]`, where bit `i` of `p` is variable `i`. */
export function shannon(
  builder: NetlistBuilder,
  table: readonly number[],
  variables: readonly Literal[],
): Literal {
  if (table.every((bit) => bit === 0)) return FALSE;
  if (table.every((bit) => bit === 1)) return TRUE;
  const half = table.length / 2;
  const [top, rest] = [variables.at(-1)!, variables.slice(0, -1)];
  const [zero, one] = [table.slice(0, half), table.slice(half)];
  const low = shannon(builder, zero, rest);
  if (zero.every((bit, p) => bit === one[p])) return low;
  if (zero.every((bit, p) => bit !== one[p])) return builder.xor(top, low);
  const high = shannon(builder, one, rest);
  if (low === FALSE) return builder.and(top, high);
  if (high === FALSE) return builder.and(not(top), low);
  if (low === TRUE) return builder.or(not(top), high);
  if (high === TRUE) return builder.or(top, low);
  return builder.mux(top, high, low);
}
