import { FALSE, type Literal } from "../../compiler/ir/literal.js";
import type { Netlist } from "../../compiler/ir/netlist.js";
import { FOLDING, NetlistBuilder } from "../../compiler/ir/netlist-builder.js";

export type Pair = readonly [Netlist, Netlist];

/**
 * A smaller pair of netlists that still fails, by leaving out outputs and putting false in place of gates, one or many
 * at a time, for as long as something can go.
 */
export async function shrinkPair(pair: Pair, fails: (pair: Pair) => Promise<boolean>): Promise<Pair> {
  let best = pair;
  for (let shrunk = true; shrunk; ) {
    shrunk = false;
    for (const smaller of candidates(best)) {
      if (sizeOf(smaller) >= sizeOf(best) || !(await fails(smaller))) continue;
      best = smaller;
      shrunk = true;
      break;
    }
  }
  return best;
}

const sizeOf = ([a, b]: Pair): number => a.kind.length + b.kind.length + a.outputs.length;

function* candidates([a, b]: Pair): Generator<Pair> {
  const outputs = a.outputs.length;
  if (outputs > 1) for (let o = 0; o < outputs; o++) yield [onlyOutput(a, o), onlyOutput(b, o)];
  for (let chunk = Math.max(a.kind.length, b.kind.length) >> 1; chunk >= 1; chunk >>= 1) {
    for (let from = 0; from < a.kind.length; from += chunk) yield [without(a, from, chunk), b];
    for (let from = 0; from < b.kind.length; from += chunk) yield [a, without(b, from, chunk)];
  }
}

const onlyOutput = (netlist: Netlist, o: number): Netlist =>
  without({ ...netlist, outputs: netlist.outputs.slice(o, o + 1) }, 0, 0);

/** Gates `from` to `from + count` become false; what nothing reads then goes too. */
function without(netlist: Netlist, from: number, count: number): Netlist {
  const { inputs, kind, fanin0, fanin1, outputs } = netlist;
  const needed = new Set(Array.from(outputs, (literal) => literal >>> 1));
  for (let g = kind.length - 1; g >= 0; g--)
    if (needed.has(1 + inputs + g) && (g < from || g >= from + count))
      needed.add(fanin0[g]! >>> 1).add(fanin1[g]! >>> 1);
  const builder = new NetlistBuilder(inputs, FOLDING);
  const moved: Literal[] = Array.from({ length: 1 + inputs }, (_, n) => (2 * n) as Literal);
  const at = (literal: number): Literal => (moved[literal >>> 1]! ^ (literal & 1)) as Literal;
  for (let g = 0; g < kind.length; g++) {
    const gone = (g >= from && g < from + count) || !needed.has(1 + inputs + g);
    moved.push(gone ? FALSE : builder.gate(kind[g]! as 0 | 1, at(fanin0[g]!), at(fanin1[g]!)));
  }
  return builder.finish(Array.from(outputs, at));
}
