import { FALSE, type Literal, not, notIf, TRUE } from "../ir/literal.js";
import type { NetlistBuilder } from "../ir/netlist-builder.js";
import type { Table } from "./blif-models.js";

/**
 * A table as gates: one gate at most for two inputs, else a sum of products as balanced trees.
 *
 * @param inputs literals of the signals that the table reads.
 */
export function buildCover(
  builder: NetlistBuilder,
  { rows, phase }: Table,
  inputs: readonly Literal[],
): Literal {
  if (phase === null) return FALSE;
  if (inputs.length <= 2)
    return builder.ofFunction(functionOf(rows, phase, inputs.length), inputs[0] ?? FALSE, inputs[1] ?? FALSE);
  const products = rows.map((row) =>
    tree(
      inputs.flatMap((literal, i) => (row[i] === "-" ? [] : [notIf(literal, row[i] === "0")])),
      TRUE,
      (a, b) => builder.and(a, b),
    ),
  );
  const sum = tree(products, FALSE, (a, b) => builder.or(a, b));
  return phase === "1" ? sum : not(sum);
}

/** The function's number (`GATE_FORMS`); a missing input does not matter. */
function functionOf(rows: readonly string[], phase: "0" | "1", inputs: number): number {
  let table = 0;
  for (const row of rows) {
    for (let pattern = 0; pattern < 4; pattern++) {
      const bits = [pattern >> 1, pattern & 1].slice(0, inputs);
      if (bits.every((bit, i) => row[i] === "-" || Number(row[i]) === bit)) table |= 8 >> pattern;
    }
  }
  return phase === "1" ? table : 15 - table;
}

/** Halves until one is left. */
function tree(items: readonly Literal[], empty: Literal, join: (a: Literal, b: Literal) => Literal): Literal {
  let level = items;
  while (level.length > 1) {
    const above: Literal[] = [];
    for (let i = 0; i < level.length; i += 2)
      above.push(i + 1 < level.length ? join(level[i]!, level[i + 1]!) : level[i]!);
    level = above;
  }
  return level[0] ?? empty;
}
