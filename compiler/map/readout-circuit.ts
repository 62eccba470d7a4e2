import { FALSE, type Literal, literalOf, not, notIf, TRUE } from "../ir/literal.js";
import type { Readout } from "../ir/readout.js";

/**
 * A readout as hardware: nets are numbered, a literal is `2 * net + complement`; net 0 is constant false, nets
 * `1..votes` are the votes, the others are outputs of cells and matches.
 */
export interface ReadoutCircuit {
  readonly votes: number;
  readonly cells: readonly AdderCell[];
  /** The tournament, every match after those that it reads; the last one gives the class. */
  readonly matches: readonly Match[];
  /** The class index, low bit first. */
  readonly winner: readonly Literal[];
}

/** A full adder (three inputs) or half adder (two): `Σ inputs = sum + 2 * carry`. */
export interface AdderCell {
  readonly inputs: readonly Literal[];
  readonly sum: number;
  readonly carry: number;
}

/** One side of a match: an unsigned score and a class index, low bits first. */
export interface Contestant {
  readonly score: readonly Literal[];
  readonly index: readonly Literal[];
}

/** `b` goes on if its score is higher than that of `a`, else `a`; the last match gives no score. */
export interface Match {
  readonly a: Contestant;
  readonly b: Contestant;
  readonly winner: Contestant;
}

/**
 * Popcounts as columns of adder cells, then a tournament. A negative weight counts the vote's complement, and what
 * all classes have in common is left out: `argmax` does not see it.
 *
 * Classes with low indices are on the `a` side of every match, so the lowest index wins ties.
 */
export function buildReadout(readout: Readout): ReadoutCircuit {
  const votes = 1 + readout.vote.reduce((top, v) => Math.max(top, v), 0);
  let nets = 1 + votes;
  const cells: AdderCell[] = [];
  const add = (inputs: readonly Literal[]): AdderCell => {
    const cell = { inputs, sum: nets, carry: nets + 1 };
    nets += 2;
    cells.push(cell);
    return cell;
  };
  const scores = columnsOf(readout).map((columns) => compress(columns, add));
  const width = Math.max(...scores.map((score) => score.length));
  const indexBits = Math.max(1, Math.ceil(Math.log2(scores.length)));
  let round = scores.map(
    (score, cls): Contestant => ({
      score: Array.from({ length: width }, (_, k) => score[k] ?? FALSE),
      index: Array.from({ length: indexBits }, (_, k) => (((cls >> k) & 1) === 1 ? TRUE : FALSE)),
    }),
  );
  const matches: Match[] = [];
  const fresh = (bits: number): Literal[] => Array.from({ length: bits }, () => literalOf(nets++));
  while (round.length > 1) {
    const last = round.length === 2;
    const next: Contestant[] = [];
    for (let i = 0; i < round.length; i += 2) {
      const [a, b] = [round[i]!, round[i + 1]];
      if (b === undefined) next.push(a);
      else {
        const winner = { score: last ? [] : fresh(width), index: fresh(indexBits) };
        matches.push({ a, b, winner });
        next.push(winner);
      }
    }
    round = next;
  }
  return { votes, cells, matches, winner: round[0]!.index };
}

/** What every class adds up, by column: literals of weight 1, 2, 4, … */
function columnsOf({ classNames, offset, start, vote, weight }: Readout): Literal[][][] {
  const terms = classNames.map((_, c) =>
    Array.from({ length: start[c + 1]! - start[c]! }, (_, i) => ({
      vote: vote[start[c]! + i]!,
      weight: weight[start[c]! + i]!,
    })),
  );
  const constants = terms.map(
    (row, c) => offset[c]! + row.reduce((sum, { weight: w }) => sum + Math.min(0, w), 0),
  );
  const common = Math.min(...constants);
  return terms.map((row, c) => {
    const columns: Literal[][] = [];
    const put = (literal: Literal, amount: number): void => {
      for (let k = 0; 2 ** k <= amount; k++) {
        columns[k] ??= [];
        if (Math.floor(amount / 2 ** k) % 2 === 1) columns[k]!.push(literal);
      }
    };
    for (const term of row) put(notIf(literalOf(1 + term.vote), term.weight < 0), Math.abs(term.weight));
    put(not(FALSE), constants[c]! - common);
    return columns;
  });
}

/** Add columns up to one bit each: full adders while three bits are there, then a half adder. */
function compress(columns: Literal[][], add: (inputs: readonly Literal[]) => AdderCell): Literal[] {
  const bits: Literal[] = [];
  for (let k = 0; k < columns.length; k++) {
    const queue = columns[k]!;
    while (queue.length > 1) {
      const cell = add(queue.splice(0, Math.min(3, queue.length)));
      queue.push(literalOf(cell.sum));
      columns[k + 1] ??= [];
      columns[k + 1]!.push(literalOf(cell.carry));
    }
    bits.push(queue[0] ?? FALSE);
  }
  return bits;
}
