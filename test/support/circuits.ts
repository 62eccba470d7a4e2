import type { Random } from "../../base/random.js";
import { FALSE, type Literal, not, TRUE } from "../../compiler/ir/literal.js";
import { liveGates, type Netlist } from "../../compiler/ir/netlist.js";
import { HASHING, NetlistBuilder } from "../../compiler/ir/netlist-builder.js";

/** Standard circuits, each in two structures of one function. */

const range = (n: number): number[] => Array.from({ length: n }, (_, k) => k);

interface Sum {
  readonly sum: Literal;
  readonly carry: Literal;
}

function fullAdder(b: NetlistBuilder, x: Literal, y: Literal, c: Literal): Sum {
  const half = b.xor(x, y);
  return { sum: b.xor(half, c), carry: b.or(b.and(x, y), b.and(half, c)) };
}

/** The same with a majority in sum-of-products form. */
function otherFullAdder(b: NetlistBuilder, x: Literal, y: Literal, c: Literal): Sum {
  const sum = b.xor(x, b.xor(y, c));
  return { sum, carry: b.or(b.or(b.and(x, y), b.and(x, c)), b.and(y, c)) };
}

function addRipple(b: NetlistBuilder, x: readonly Literal[], y: readonly Literal[]): Literal[] {
  let carry: Literal = FALSE;
  const out = x.map((_, k) => {
    const bit = fullAdder(b, x[k]!, y[k]!, carry);
    carry = bit.carry;
    return bit.sum;
  });
  return [...out, carry];
}

const bus = (b: NetlistBuilder, from: number, width: number): Literal[] =>
  range(width).map((k) => b.input(from + k));

export function rippleAdder(width: number): Netlist {
  const b = new NetlistBuilder(2 * width, HASHING);
  return b.finish(addRipple(b, bus(b, 0, width), bus(b, width, width)));
}

/** Carries as sums of products of generate and propagate. */
export function lookaheadAdder(width: number): Netlist {
  const b = new NetlistBuilder(2 * width, HASHING);
  const [x, y] = [bus(b, 0, width), bus(b, width, width)];
  const generate = x.map((l, k) => b.and(l, y[k]!));
  const propagate = x.map((l, k) => b.or(l, y[k]!));
  const carries = range(width + 1).map((k) =>
    range(k).reduce<Literal>((any, j) => {
      const through = range(k - 1 - j).reduce<Literal>(
        (all, m) => b.and(all, propagate[j + 1 + m]!),
        generate[j]!,
      );
      return b.or(any, through);
    }, FALSE),
  );
  return b.finish([...x.map((l, k) => b.xor(b.xor(l, y[k]!), carries[k]!)), carries[width]!]);
}

/** Rows of partial products, added one after the other. */
export function arrayMultiplier(width: number): Netlist {
  const b = new NetlistBuilder(2 * width, HASHING);
  const [x, y] = [bus(b, 0, width), bus(b, width, width)];
  let total: Literal[] = range(2 * width).map(() => FALSE);
  y.forEach((bit, k) => {
    const row = range(2 * width).map((c) => (c < k || c >= k + width ? FALSE : b.and(x[c - k]!, bit)));
    total = addRipple(b, total, row).slice(0, 2 * width);
  });
  return b.finish(total);
}

/** Columns compressed three to two until two are left (Wallace, "A suggestion for a fast multiplier", 1964). */
export function wallaceMultiplier(width: number): Netlist {
  const b = new NetlistBuilder(2 * width, HASHING);
  const [x, y] = [bus(b, 0, width), bus(b, width, width)];
  let columns: Literal[][] = range(2 * width).map(() => []);
  x.forEach((l, i) => {
    y.forEach((m, j) => {
      columns[i + j]!.push(b.and(l, m));
    });
  });
  while (columns.some((column) => column.length > 2)) {
    const next: Literal[][] = range(2 * width + 1).map(() => []);
    columns.forEach((column, c) => {
      let k = 0;
      for (; k + 2 < column.length; k += 3) {
        const { sum, carry } = otherFullAdder(b, column[k]!, column[k + 1]!, column[k + 2]!);
        next[c]!.push(sum);
        next[c + 1]!.push(carry);
      }
      next[c]!.push(...column.slice(k));
    });
    columns = next.slice(0, 2 * width);
  }
  const row = (k: number): Literal[] => columns.map((column) => column[k] ?? FALSE);
  return b.finish(addRipple(b, row(0), row(1)).slice(0, 2 * width));
}

/** More than half of an odd number of inputs: counted by a chain of adders. */
export function countingVoter(inputs: number): Netlist {
  const b = new NetlistBuilder(inputs, HASHING);
  const width = Math.ceil(Math.log2(inputs + 1));
  let count: Literal[] = range(width).map(() => FALSE);
  for (const input of bus(b, 0, inputs))
    count = addRipple(
      b,
      count,
      range(width).map((k) => (k === 0 ? input : FALSE)),
    ).slice(0, width);
  const least = (inputs + 1) / 2;
  const atLeast = count.reduce<Literal>(
    (so, bit, k) => ((least >> k) & 1 ? b.and(bit, so) : b.or(bit, so)),
    TRUE,
  );
  return b.finish([atLeast]);
}

/** The same by the recurrence "k of the first n": a triangle of multiplexers. */
export function triangleVoter(inputs: number): Netlist {
  const b = new NetlistBuilder(inputs, HASHING);
  const least = (inputs + 1) / 2;
  let row: Literal[] = [TRUE, ...range(least).map(() => FALSE)];
  for (const input of bus(b, 0, inputs))
    row = row.map((literal, k) => (k === 0 ? TRUE : b.mux(input, row[k - 1]!, literal)));
  return b.finish([row[least]!]);
}

export function parityChain(inputs: number): Netlist {
  const b = new NetlistBuilder(inputs, HASHING);
  return b.finish([bus(b, 0, inputs).reduce<Literal>((all, l) => b.xor(all, l), FALSE)]);
}

/** A balanced tree of exclusive ors made of NANDs, over the inputs in reverse. */
export function parityTree(inputs: number): Netlist {
  const b = new NetlistBuilder(inputs, HASHING);
  const nand = (x: Literal, y: Literal): Literal => not(b.and(x, y));
  let row = bus(b, 0, inputs).reverse();
  while (row.length > 1) {
    const pairs = range(row.length >> 1).map((k) => {
      const [x, y] = [row[2 * k]!, row[2 * k + 1]!];
      const both = nand(x, y);
      return nand(nand(x, both), nand(y, both));
    });
    row = row.length % 2 === 1 ? [...pairs, row.at(-1)!] : pairs;
  }
  return b.finish(row);
}

/** One change of one live gate: its kind, the complement of a fanin, or what a fanin reads. */
export function mutate(netlist: Netlist, random: Random): Netlist {
  const live = [...liveGates(netlist).entries()].flatMap(([gate, seen]) => (seen === 1 ? [gate] : []));
  const g = live[random.below(live.length)]!;
  const fault = random.below(3);
  const kind = netlist.kind.slice();
  const fanin1 = netlist.fanin1.slice();
  if (fault === 0) kind[g] = 1 - kind[g]!;
  else if (fault === 1) fanin1[g]! ^= 1;
  else fanin1[g] = 2 * (1 + random.below(netlist.inputs + g)) + random.below(2);
  return { ...netlist, kind, fanin1 };
}

/** The same function in other gates: each gate is written in one of three ways, at random. */
export function rewritten(netlist: Netlist, random: Random): Netlist {
  const b = new NetlistBuilder(netlist.inputs, HASHING);
  const moved: Literal[] = range(1 + netlist.inputs).map((n) => (2 * n) as Literal);
  const at = (literal: number): Literal => (moved[literal >>> 1]! ^ (literal & 1)) as Literal;
  netlist.kind.forEach((kind, g) => {
    const [x, y] = [at(netlist.fanin0[g]!), at(netlist.fanin1[g]!)];
    const form = random.below(3);
    if (kind === 0)
      moved.push(
        form === 0 ? b.and(x, y) : form === 1 ? b.and(x, not(b.xor(x, y))) : b.xor(b.xor(x, y), b.or(x, y)),
      );
    else
      moved.push(
        form === 0 ? b.xor(x, y) : form === 1 ? b.mux(x, not(y), y) : b.and(b.or(x, y), not(b.and(x, y))),
      );
  });
  return b.finish(Array.from(netlist.outputs, at));
}
